//! Configuration, wiring and commands: everything that makes the crates one program.
//!
//! Commands are clients of the API, in this process or over HTTP, so that surfaces cannot disagree; `serve`, `demo`,
//! `import`, `export` and `database` open the database themselves.

mod client;
mod commands;
pub mod config;
mod exit;
mod in_process;
mod keys;
pub mod listen;
pub mod metrics;
mod open;
mod output;
pub mod router;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;

pub use commands::Cli;
pub use commands::demo::COMPANY;

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    end_when_nobody_reads();
    // One TLS provider for the whole program; a second call in tests changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let parsed = commands::words::command().try_get_matches_from(arguments);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return if e.use_stderr() { ExitCode::from(exit::USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("orglink: {e}");
            return ExitCode::from(exit::OTHER);
        }
    };
    let code = runtime.block_on(commands::run(cli));
    // A blocked reader of standard input must not keep a finished command alive.
    runtime.shutdown_background();
    ExitCode::from(code)
}

/// Whoever has seen enough (`| head`) is no error: `println!` says it by a panic, which ends the program as if it were done. Every other
/// panic is told as ever.
fn end_when_nobody_reads() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let said = info.payload_as_str().unwrap_or_default();
        if said.starts_with("failed printing to stdout") && said.contains("Broken pipe") {
            std::process::exit(i32::from(exit::DONE));
        }
        told(info);
    }));
}
