//! The flows in a real Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::postgres::Postgres;
use crate::run::{cargo, install, root, run, run_and_read, step};

/// Runs the flows, those of several replicas on this PostgreSQL; what the runner printed.
pub fn flows(postgres: &Postgres) -> Result<String> {
    let e2e = prepare()?;
    prepare_products(&e2e)?;
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

/// The products that ask in other languages: a Python of their own, and a program in Rust apart from the workspace.
fn prepare_products(e2e: &Path) -> Result<()> {
    step("products in Python and Rust");
    let (python, products) = (root().join("target/python"), e2e.join("ofrep"));
    if !python.join("bin/pip").exists() {
        let made = |python: &Path| Command::new("python3").args(["-m", "venv"]).arg(python).output();
        if !made(&python).is_ok_and(|out| out.status.success()) {
            install(&["python3", "python3-venv"])?;
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&python))?;
        }
    }
    let requirements = products.join("requirements.txt");
    run(Command::new(python.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(requirements))?;
    let manifest = products.join("Cargo.toml");
    run(cargo(&["build", "--quiet", "--locked", "--target-dir", "target/ofrep", "--manifest-path"]).arg(manifest))
}
