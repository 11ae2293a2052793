//! The program: configuration, wiring, commands.

use std::process::ExitCode;

/// Gives back what the start has used and a server at rest does not need: two thirds of its memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    orglink_server::run(std::env::args_os())
}
