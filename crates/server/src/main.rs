//! The program: configuration, wiring, commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    orglink_server::run(std::env::args_os())
}
