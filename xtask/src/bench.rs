//! Benchmarks: built for speed, run beside their floor.

use anyhow::Result;

use crate::postgres::Postgres;
use crate::run as programs;

/// `cargo xtask bench NAME …`: passes everything on; starts a PostgreSQL when one is asked for.
pub fn run(rest: &[String]) -> Result<()> {
    if rest.iter().any(|a| a == "start") {
        programs::run(&mut programs::cargo(&["build", "--quiet", "--release", "--package", "orglink-server"]))?;
    }
    let mut command = programs::cargo(&["run", "--quiet", "--release", "--package", "bench", "--"]);
    command.args(rest);
    let asks_for_postgres = rest.iter().any(|a| a == "postgres" || a == "--database=postgres");
    let server = if asks_for_postgres { Some(Postgres::start()?) } else { None };
    if let Some(server) = &server {
        server.tell(&mut command);
    }
    programs::run(&mut command)
}
