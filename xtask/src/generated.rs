//! Generated files: rewritten by `regenerate`, compared by `check`.

use std::fs::read;
use std::process::Command;

use anyhow::{Result, bail};

use crate::run::{cargo, root, run, step};

/// Every generated file.
const FILES: &[&str] = &["crates/policy/matrix.txt", "crates/api/openapi.json", "e2e/routes.txt"];

/// Rewrites them. Built with the workspace: alone it would have other features of its dependencies, and all of them be
/// built again.
pub fn regenerate() -> Result<()> {
    run(&mut cargo(&["build", "--quiet", "--workspace", "--bin", "regenerate"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    run(&mut Command::new(target.join("debug/regenerate")))
}

/// Rewrites them and compares with what was there.
pub fn compare() -> Result<()> {
    step("generated files");
    let before: Vec<_> = FILES.iter().map(|file| read(root().join(file)).unwrap_or_default()).collect();
    regenerate()?;
    for (file, before) in FILES.iter().zip(before) {
        if read(root().join(file))? != before {
            bail!("{file} was not up to date; it is now: review and commit it");
        }
    }
    println!("{} files are up to date", FILES.len());
    Ok(())
}
