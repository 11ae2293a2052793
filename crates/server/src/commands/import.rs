//! `orglink import`

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use orglink_app::import::{ImportOptions, ImportProgress, ImportReport, Source, import_records};
use orglink_app::{Principal, upkeep};
use serde_json::{Value, json};

use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::open::Schema;
use crate::output::{Failed, Outcome, print_json, print_table, somebody_watches};

#[derive(Debug, Args)]
pub struct Import {
    /// Files of records; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Say what would change; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Keep the good lines, and write the bad ones to this file (exit code 6 when there were any)
    #[arg(long, value_name = "FILE")]
    keep_going: Option<PathBuf>,
}

impl Import {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let mut sources = Vec::with_capacity(self.files.len());
        for name in &self.files {
            sources.push(Source { name: name.clone(), reader: open(name)? });
        }
        if reach.server.is_some() {
            return self.send(reach, sources).await;
        }
        let app = reach.open(Schema::Prepare).await?;
        let principal = match &reach.on_behalf_of {
            None => Principal::local_operator(),
            Some(email) => {
                let mut tx = app.db.begin_read().await?;
                Principal::on_behalf_of(&mut tx, email).await?
            }
        };
        let rejects = match &self.keep_going {
            None => None,
            Some(path) => Some(Box::new(File::create(path)?) as Box<dyn std::io::Write + Send + Sync>),
        };
        let options = ImportOptions { is_dry_run: self.dry_run, rejects };
        let progress = Arc::new(ImportProgress::default());
        let bar = show(&progress);
        let report = import_records(&app, &principal, sources, options, &progress).await;
        bar.finish();
        let report = report?;
        if let Err(e) = upkeep::sequence_pending(&app).await {
            eprintln!("orglink: imported, but events could not be placed yet: {e}");
        }
        app.db.close().await;
        self.print(&report, reach.json);
        Ok(if report.rejected > 0 { exit::IN_PART } else { exit::DONE })
    }

    async fn send(&self, reach: &Reach, sources: Vec<Source>) -> Outcome {
        if self.keep_going.is_some() {
            return Err(Failed::Usage("--keep-going works on a database, not with --server".to_owned()));
        }
        let client = Client::open(reach).await?;
        let ([name], Ok([mut source])) = (self.files.as_slice(), <[Source; 1]>::try_from(sources)) else {
            return Err(Failed::Usage("with --server, send one file at a time".to_owned()));
        };
        let mut whole = Vec::new();
        source.reader.read_to_end(&mut whole)?;
        let path = format!("/imports?dry_run={}&name={}", self.dry_run, segment(name));
        let answer = client.send("POST", &path, Some(whole), None).await?;
        let report: ImportReport = serde_json::from_value(answer).map_err(|e| Failed::Other(e.into()))?;
        self.print(&report, reach.json);
        Ok(exit::DONE)
    }

    fn print(&self, report: &ImportReport, wants_json: bool) {
        if wants_json {
            return print_json(&json!(report));
        }
        let value: Value = json!(report);
        let rows: Vec<Vec<String>> = orglink_app::record::RecordType::ALL
            .iter()
            .map(|t| {
                let count = |what: &str| value[what][t.as_str()].to_string();
                vec![t.to_string(), count("created"), count("changed"), count("unchanged")]
            })
            .collect();
        print_table(&["type", "created", "changed", "unchanged"], &rows);
        for error in &report.errors {
            eprintln!("{error}");
        }
        if let (true, Some(path)) = (report.rejected > 0, &self.keep_going) {
            eprintln!("{} lines were not taken; they are in {}", report.rejected, path.display());
        }
        if self.dry_run {
            eprintln!("Nothing was changed (--dry-run).");
        }
    }
}

fn open(name: &str) -> Result<Box<dyn Read + Send>, Failed> {
    if name == "-" {
        return Ok(Box::new(std::io::stdin()));
    }
    match File::open(name) {
        Ok(file) => Ok(Box::new(file)),
        Err(e) => Err(Failed::Usage(format!("cannot read {name}: {e}"))),
    }
}

/// A bar on standard error, when somebody watches.
fn show(progress: &Arc<ImportProgress>) -> ProgressBar {
    if !somebody_watches() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    let (shown, progress) = (bar.clone(), Arc::downgrade(progress));
    tokio::spawn(async move {
        while let Some(progress) = progress.upgrade() {
            let (lines, applied) = progress.so_far();
            shown.set_message(format!("{lines} lines read, {applied} records applied"));
            shown.tick();
            drop(progress);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    bar
}
