//! Generated files: rewritten by `regenerate`, compared by `check`.

use std::fs::read;

use anyhow::{Result, bail};

use crate::run::{cargo, root, run, step};

/// Every generated file.
const FILES: &[&str] = &["crates/policy/matrix.txt", "crates/api/openapi.json", "e2e/routes.txt"];

/// Rewrites them.
pub fn regenerate() -> Result<()> {
    run(&mut cargo(&["run", "--quiet", "--package", "orglink-testkit", "--bin", "regenerate"]))
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
