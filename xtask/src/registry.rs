//! A real container registry and a real client, for the tests that use them.

use std::process::Command;

use anyhow::Result;

use crate::run::install;

/// Docker's registry and skopeo: found or installed. Then a test that does not find them fails.
pub fn tell(command: &mut Command) -> Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).exists());
    let missing: Vec<&str> = ["docker-registry", "skopeo"].into_iter().filter(|p| !is_there(p)).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    command.env("ORGLINK_TEST_REGISTRY", "1");
    Ok(())
}
