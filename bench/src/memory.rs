//! `memory`: the most memory that the program takes to import a company and to decide and link all of it, as people run it:
//! `orglink import FILE`, `orglink campaign run NAME --yes`. Beside each, the same command with nothing to do.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use orglink_testkit::address_text;

use crate::generator::Campaigned;
use crate::import::new_world;
use crate::{Database, Figure};

const OPERATOR: &str = "operator@people.example";
const EXAMPLE: &str = include_str!("../../docs/examples/seed.toml");

pub async fn measure(size: usize, database: Database) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (records, nothing, campaign) =
        (folder.path().join("records.ndjson"), folder.path().join("nothing.ndjson"), folder.path().join("seed.toml"));
    let mut company = Campaigned::new(size, 1);
    let _ = writeln!(company.records, r#"{{"type":"account","email":"{OPERATOR}","name":"Olga Operator"}}"#);
    std::fs::write(&records, &company.records)?;
    println!("{size} workspaces, {} memberships, {} MB of records", company.memberships, company.records.len() >> 20);
    drop(company);
    std::fs::write(
        &nothing,
        format!("{{\"type\":\"account\",\"email\":\"{OPERATOR}\",\"name\":\"Olga Operator\"}}\n"),
    )?;
    std::fs::write(&campaign, EXAMPLE)?;
    let world = new_world(database).await;
    let address = address_text(&world.database.address());
    let program = std::env::current_exe()?.with_file_name("orglink");
    let run = |arguments: &[&str]| taken(&program, &address, arguments);
    let text = |path: &Path| path.display().to_string();

    let idle = run(&["import", &text(&nothing)])?;
    let import = run(&["import", &text(&records)])?;
    run(&["campaign", "create", "--file", &text(&campaign)])?;
    let linked = run(&["campaign", "run", "link-2026", "--yes"])?;
    // There is nothing left to do.
    let done = run(&["campaign", "run", "link-2026", "--yes"])?;
    println!("import took {:.1} s, the campaign {:.1} s", import.1, linked.1);
    let figure = |what, ours: f64, floor: f64| Figure { what, unit: "MiB", ours: vec![ours], floor: vec![floor] };
    let seconds = |what, ours: f64, floor: f64| Figure { what, unit: "s", ours: vec![ours], floor: vec![floor] };
    Ok(vec![
        figure("import, against importing one", import.0, idle.0),
        figure("campaign run, against one that is done", linked.0, done.0),
        seconds("time of the import, the same", import.1, idle.1),
        seconds("time of the campaign run, the same", linked.1, done.1),
    ])
}

/// The peak of a command in MiB, and its seconds.
fn taken(program: &PathBuf, address: &str, arguments: &[&str]) -> Result<(f64, f64)> {
    let began = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .args(["--database", address])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .context("build the program beside this one")?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    let done = loop {
        peak = peak.max(crate::peak_memory(&status).unwrap_or(0.0));
        if let Some(done) = child.try_wait()? {
            break done;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    ensure!(done.success(), "{arguments:?}: {done}");
    Ok((peak, began.elapsed().as_secs_f64()))
}
