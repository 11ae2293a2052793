//! The flows in a real Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::postgres::Postgres;
use crate::run::{cargo, install, root, run, run_and_read, step};

/// Runs the flows, those of several replicas on this PostgreSQL; what the runner printed.
pub fn flows(postgres: &Postgres) -> Result<String> {
    let e2e = prepare()?;
    step("browser flows in Chromium");
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=tap", "all.test.mjs"]).current_dir(&e2e);
    postgres.tell(&mut command);
    let (text, ok) = run_and_read(&mut command).context("node --test")?;
    if !ok {
        bail!("browser flows failed");
    }
    if text.contains("skipped on PostgreSQL") {
        bail!("a flow did not see PostgreSQL");
    }
    Ok(text)
}

/// Takes a picture of every page and state: for people to look at, compared with nothing.
pub fn screenshots() -> Result<()> {
    run(&mut cargo(&["build", "--package", "orglink-server", "--locked"]))?;
    let e2e = prepare()?;
    step("pictures of every page");
    run(Command::new("node").arg("screenshots.mjs").current_dir(&e2e))
}

/// Chromium, Node.js and the packages of the browser tests; their folder.
fn prepare() -> Result<PathBuf> {
    if !Path::new("/usr/bin/chromium").exists() {
        install(&["chromium", "fonts-liberation"])?;
    }
    if Command::new("node").arg("--version").output().is_err() {
        bail!("Node.js (20 or newer) is needed for the browser flows: install it, then run this again");
    }
    let e2e = root().join("e2e");
    step("browser flows: packages");
    run(Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&e2e))?;
    Ok(e2e)
}
