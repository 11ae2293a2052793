//! Everything that must hold before a change is kept.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::postgres::Postgres;
use crate::run::{cargo, run, run_and_read, step};
use crate::{browser, dependencies, generated, registry};

/// Format, lints, dependencies, generated files.
pub fn check() -> Result<()> {
    step("format");
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    dependencies::check()?;
    step("lints");
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"]))?;
    generated::compare()
}

/// The check, and every test.
pub fn test() -> Result<()> {
    let began = Instant::now();
    check()?;
    let postgres = Postgres::start()?;
    step("tests on SQLite and PostgreSQL");
    let mut command = cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    postgres.tell(&mut command);
    registry::tell(&mut command)?;
    let (text, ok) = run_and_read(&mut command)?;
    let (mut passed, mut failed) = count(&text, "test result: ");
    if text.contains("skipped on PostgreSQL") {
        bail!("a test did not see PostgreSQL");
    }
    if !ok {
        println!("\n{passed} passed, {failed} failed");
        bail!("tests failed");
    }
    let flows = browser::flows(&postgres)?;
    drop(postgres);
    passed += line_value(&flows, "# pass ");
    failed += line_value(&flows, "# fail ");
    println!("\nthe whole took {} minutes", began.elapsed().as_secs().div_ceil(60));
    println!("{passed} passed, {failed} failed");
    Ok(())
}

/// Adds up cargo's own result lines: `test result: ok. 3 passed; 0 failed; …`.
fn count(text: &str, prefix: &str) -> (u64, u64) {
    let mut total = (0, 0);
    for line in text.lines().filter_map(|l| l.strip_prefix(prefix)) {
        let mut numbers = line.split([' ', ';']).filter_map(|word| word.parse::<u64>().ok());
        total.0 += numbers.next().unwrap_or(0);
        total.1 += numbers.next().unwrap_or(0);
    }
    total
}

fn line_value(text: &str, prefix: &str) -> u64 {
    text.lines().filter_map(|l| l.strip_prefix(prefix)).filter_map(|n| n.trim().parse::<u64>().ok()).sum()
}
