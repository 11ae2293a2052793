//! The flows in a real Chromium.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::run::{install, root, run, run_and_read, step};

/// Runs the flows; what the runner printed.
pub fn flows() -> Result<String> {
    if !Path::new("/usr/bin/chromium").exists() {
        install(&["chromium", "fonts-liberation"])?;
    }
    if Command::new("node").arg("--version").output().is_err() {
        bail!("Node.js (20 or newer) is needed for the browser flows: install it, then run this again");
    }
    let e2e = root().join("e2e");
    step("browser flows: packages");
    run(Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&e2e))?;
    step("browser flows in Chromium");
    let (text, ok) =
        run_and_read(Command::new("node").args(["--test", "--test-reporter=tap", "all.test.mjs"]).current_dir(&e2e))
            .context("node --test")?;
    if !ok {
        bail!("browser flows failed");
    }
    Ok(text)
}
