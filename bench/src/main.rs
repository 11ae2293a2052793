//! Measures orglink against its floor: the same durable result by the barest program on the same database, in the
//! same run, alternating. Absolute times of a shared machine prove nothing; ratios do. See README.md.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measuring program stops when something is odd"
)]

mod bills;
mod check;
mod deadline;
mod deadline_floor;
mod eligibility;
mod explorer;
mod floor;
mod generator;
mod http;
mod import;
mod ledger;
mod link;
mod memory;
mod migration;
mod page;
mod start;
mod world;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Parser, ValueEnum};
use serde_json::{Value, json};

const NAMES: &str =
    "import, link, eligibility, page, explorer, check, deadline, migration, bills, ledger, memory, start";

/// What to measure.
#[derive(Debug, Parser)]
struct Bench {
    /// import, link, eligibility, page, explorer, check, deadline, migration, bills, ledger, memory, start; several, separated by commas, share a company
    name: String,
    /// How many workspaces; of `ledger`: how many events
    #[arg(long, default_value_t = 10_000)]
    size: usize,
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Database,
    /// Write the figures to this file as well
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// One thing measured: what it is, ours and the floor, each as the median of its rounds.
pub struct Figure {
    pub what: &'static str,
    pub unit: &'static str,
    pub ours: Vec<f64>,
    pub floor: Vec<f64>,
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn main() -> Result<()> {
    let bench = Bench::parse();
    if cfg!(debug_assertions) {
        bail!("measure what people run: `cargo xtask bench`, which builds for speed");
    }
    if bench.name == "bare-server" {
        return start::bare_server();
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let figures = runtime.block_on(measure(&bench))?;
    let database = match bench.database {
        Database::Sqlite => "sqlite",
        Database::Postgres => "postgres",
    };
    let documents: Vec<Value> = figures
        .iter()
        .map(|(name, f)| {
            let (ours, floor) = (median(&f.ours), median(&f.floor));
            println!(
                "{:<34} ours {ours:>10.3} {unit}   floor {floor:>10.3} {unit}   ratio {:.2}",
                f.what,
                ours / floor,
                unit = f.unit
            );
            json!({
                "name": if f.what.is_empty() { name.clone() } else { format!("{name}: {}", f.what) },
                "size": bench.size, "database": database,
                "ours": { "value": ours, "unit": f.unit }, "floor": { "value": floor, "unit": f.unit },
                "ratio": ours / floor, "machine": machine(), "commit": commit(),
            })
        })
        .collect();
    if let Some(peak) = peak_memory("/proc/self/status") {
        println!(
            "{:<34} {peak:>10.0} MiB, the generated records and the floor included",
            "peak memory of this process"
        );
    }
    if let Some(path) = bench.json {
        // The first figure is the one that the name promises; the others stand beside it.
        let mut document = documents[0].clone();
        document["name"] = bench.name.into();
        document["figures"] = documents.into();
        std::fs::write(path, serde_json::to_string_pretty(&document)? + "\n")?;
    }
    Ok(())
}

/// One or several benchmarks, each figure with the name of its own.
async fn measure(bench: &Bench) -> Result<Vec<(String, Figure)>> {
    let (size, database) = (bench.size, bench.database);
    let (mut all, mut world) = (Vec::new(), None);
    for name in bench.name.split(',') {
        let needs_world = ["link", "eligibility", "page", "explorer", "check", "start"].contains(&name);
        if needs_world && world.is_none() {
            world = Some(world::World::new(size, database).await?);
        }
        let figures = match (name, &world) {
            ("import", _) => import::measure(size, database).await?,
            ("deadline", _) => deadline::measure(size, database).await?,
            ("bills", _) => bills::measure(size, database).await?,
            ("migration", _) => migration::measure(size, database).await?,
            ("ledger", _) => ledger::measure(size, database).await?,
            ("memory", _) => memory::measure(size, database).await?,
            ("link", Some(world)) => link::measure(world).await?,
            ("eligibility", Some(world)) => eligibility::measure(world).await?,
            ("page", Some(world)) => page::measure(world).await?,
            ("check", Some(world)) => check::measure(world).await?,
            ("explorer", Some(world)) => explorer::measure(world).await?,
            ("start", Some(_)) => match world.take() {
                Some(world) => start::measure(world).await?,
                None => Vec::new(),
            },
            (other, _) => bail!("there is no benchmark '{other}': {NAMES}"),
        };
        all.extend(figures.into_iter().map(|figure| (name.to_owned(), figure)));
    }
    Ok(all)
}

/// The most memory that a process has had, in MiB.
fn peak_memory(status: &str) -> Option<f64> {
    let status = std::fs::read_to_string(status).ok()?;
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    peak.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kib| kib / 1024.0)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|l| l.strip_prefix("model name").and_then(|l| l.split(": ").nth(1)));
    format!("{cores} cores, {}", model.unwrap_or("unknown"))
}

fn commit() -> String {
    let out = std::process::Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    out.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Floors write the program's own tables: a column more, and they no longer fit.
    #[test]
    fn floors_fit_the_tables() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let databases = [Some(Database::Sqlite), std::env::var_os("ORGLINK_TEST_POSTGRES").map(|_| Database::Postgres)];
        for database in databases.into_iter().flatten() {
            for (name, figures) in
                [("deadline", 6), ("import", 2), ("ledger", 2), ("eligibility,page,explorer,check", 11)]
            {
                let bench = Bench { name: name.to_owned(), size: 510, database, json: None };
                assert_eq!(runtime.block_on(measure(&bench)).unwrap().len(), figures, "{name}");
            }
        }
    }
}
