//! `orglink database …`

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use orglink_store::copy::{Copied, copy_database};
use orglink_store::{Address, Db, StoreError};
use serde_json::json;

use super::{print_done, refuse_server};
use crate::client::Reach;
use crate::exit;
use crate::open::{Schema, open_database};
use crate::output::{Failed, Outcome, print_json, print_table, somebody_watches};

#[derive(Debug, Subcommand)]
pub enum Database {
    /// Bring the schema up to date
    Migrate,
    /// Write everything, as it is at one moment, into a new SQLite file; the server may go on running
    Backup {
        /// The file to make
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Bring a backup into the database, which must be empty or not there yet
    Restore {
        /// The backup
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Copy everything into another database, which must be empty; either kind to either kind
    Copy {
        /// sqlite:PATH or postgres://…
        #[arg(long, value_name = "DATABASE")]
        to: String,
    },
}

impl Database {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "database")?;
        let config = reach.load_config()?;
        let address = reach.address(&config)?;
        let (from, to) = match self {
            Self::Migrate => {
                open_database(&address, Schema::Migrate).await?;
                eprintln!("The schema is up to date.");
                print_done(reach);
                return Ok(exit::DONE);
            }
            Self::Backup { file } => (address, Address::Sqlite(file)),
            Self::Restore { file } => (Address::Sqlite(file), address),
            Self::Copy { to } => (address, to.parse().map_err(|e| Failed::Usage(format!("--to: {e}")))?),
        };
        copy(reach, &from, &to).await
    }
}

async fn copy(reach: &Reach, from: &Address, to: &Address) -> Outcome {
    if let Address::Sqlite(path) = from
        && !path.is_file()
    {
        let missing = std::io::Error::new(std::io::ErrorKind::NotFound, format!("there is no {}", path.display()));
        return Err(StoreError::Away(missing).into());
    }
    let source = Db::open(from).await?;
    let bar = if somebody_watches() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} · {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    let outcome = copy_database(&source, to, &|table, rows| bar.set_message(format!("{table}: {rows} rows"))).await;
    bar.finish_and_clear();
    source.close().await;
    print_copied(reach, from, to, &outcome?);
    Ok(exit::DONE)
}

fn print_copied(reach: &Reach, from: &Address, to: &Address, copied: &Copied) {
    if reach.json {
        print_json(&json!({
            "from": from.to_string(), "to": to.to_string(), "schema": copied.schema, "position": copied.position,
            "verified": true, "tables": copied.tables,
        }));
        return;
    }
    let rows: Vec<Vec<String>> =
        copied.tables.iter().map(|t| vec![t.table.clone(), t.rows.to_string(), t.digest.to_string()]).collect();
    print_table(&["table", "rows", "digest, here and there"], &rows);
    let total: u64 = copied.tables.iter().map(|t| t.rows).sum();
    println!("\n{total} rows up to event {} are in {to}, read again and found the same.", copied.position);
}
