//! Benchmarks: built for speed, run beside their floor.

use std::process::Command;

use anyhow::Result;

use crate::postgres::Postgres;
use crate::run as programs;

/// `cargo xtask bench NAME …`: passes everything on; starts a PostgreSQL when one is asked for.
pub fn run(rest: &[String]) -> Result<()> {
    // With the whole workspace, as everything else is built: one package alone has other features, and every dependency
    // would be built again. `start` runs the server.
    let build = ["build", "--quiet", "--release", "--workspace", "--bin", "bench", "--bin", "orglink"];
    programs::run(&mut programs::cargo(&build))?;
    let mut command = Command::new(programs::root().join("target/release/bench"));
    command.current_dir(programs::root()).args(rest);
    let asks_for_postgres = rest.iter().any(|a| a == "postgres" || a == "--database=postgres");
    let server = if asks_for_postgres { Some(Postgres::start()?) } else { None };
    if let Some(server) = &server {
        server.tell(&mut command);
    }
    programs::run(&mut command)
}
