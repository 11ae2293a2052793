//! What developers run: `cargo xtask test`, `check`, `regenerate`, `screenshots`, `bench`.

#![expect(clippy::indexing_slicing, reason = "reading a JSON value by name gives null, never a panic")]

mod bench;
mod browser;
mod dependencies;
mod generated;
mod postgres;
mod registry;
mod run;
mod suite;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask check               format, lints, dependencies, generated files
cargo xtask test                check, and every test on SQLite, PostgreSQL and in Chromium
cargo xtask regenerate          rewrite every generated file
cargo xtask screenshots         a picture of every page and state of the demo, in e2e/out
cargo xtask bench NAME [--size N] [--database sqlite|postgres] [--json FILE]
                                measure one thing against its floor (NAME: import, link)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("\nxtask: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let (command, rest) = arguments.split_first().map_or(("help", &[][..]), |(c, rest)| (c.as_str(), rest));
    match command {
        "check" => suite::check(),
        "test" => suite::test(),
        "regenerate" => generated::regenerate(),
        "screenshots" => browser::screenshots(),
        "bench" => bench::run(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("there is no '{other}'\n{HELP}"),
    }
}
