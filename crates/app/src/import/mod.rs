//! Imports records: read and checked into a temporary database first, then applied as one transaction.
//!
//! Nothing of an import is kept unless all of it is (or, with `keep_going`, all good lines). Applying it is one
//! transaction on purpose: a run that is killed leaves nothing, and nobody ever sees half a company.

mod apply;
mod names;
mod parse;
mod reader;
mod runs;
mod stage;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use orglink_policy::Action;
use orglink_store::staging::Staging;
use orglink_store::{Attempts, Tx, fault, installation};
use serde::{Deserialize, Serialize};

pub use runs::{ImportEnd, ImportRun, ImportRuns};

use crate::record::RecordType;
use crate::{App, Error, Principal};

/// Where records come from.
pub struct Source {
    /// As errors name it: a path, or `-`.
    pub name: String,
    pub reader: Box<dyn Read + Send>,
}

/// How to import.
#[derive(Default)]
pub struct ImportOptions {
    /// Say what would change; change nothing.
    pub is_dry_run: bool,
    /// Keep the good lines and write the bad ones here.
    pub rejects: Option<Box<dyn Write + Send + Sync>>,
}

/// What an import did, by type of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub created: BTreeMap<RecordType, u64>,
    pub changed: BTreeMap<RecordType, u64>,
    pub unchanged: BTreeMap<RecordType, u64>,
    /// Lines that were not taken (only with `keep_going`).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rejected: u64,
    /// Why not, for the first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub errors: Vec<crate::InputError>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Default for ImportReport {
    fn default() -> Self {
        let none = || RecordType::ALL.iter().map(|t| (*t, 0)).collect();
        Self { created: none(), changed: none(), unchanged: none(), rejected: 0, errors: Vec::new() }
    }
}

/// How far an import is, for a bar.
#[derive(Debug, Default)]
pub struct ImportProgress {
    lines: AtomicU64,
    applied: AtomicU64,
}

impl ImportProgress {
    fn read_line(&self) {
        self.lines.fetch_add(1, Ordering::Relaxed);
    }

    fn applied(&self, records: u64) {
        self.applied.fetch_add(records, Ordering::Relaxed);
    }

    /// Lines read so far, and records applied so far.
    #[must_use]
    pub fn so_far(&self) -> (u64, u64) {
        (self.lines.load(Ordering::Relaxed), self.applied.load(Ordering::Relaxed))
    }
}

/// From so many new records on, the database plans anew.
const MANY: u64 = 1000;

/// Imports all sources as one; importing them again changes nothing and says so.
///
/// # Errors
/// Bad input with file, line, column and reason; then nothing is kept. A refusal for anybody but an operator.
pub async fn import_records(
    app: &App,
    principal: &Principal,
    sources: Vec<Source>,
    options: ImportOptions,
    progress: &Arc<ImportProgress>,
) -> Result<ImportReport, Error> {
    app.require(Action::ImportRecords, principal.standing())?;
    let name = sources.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
    let by = principal.account_if_any().map_or_else(|| "the operator at the machine".to_owned(), |a| a.name.clone());
    let number = app.imports.begin(name, by, options.is_dry_run, app.now(), progress);
    let outcome = run(app, principal, sources, options, progress).await;
    app.imports.end(number, app.now(), &outcome);
    outcome
}

/// Whether the one who asks may import now.
///
/// # Errors
/// A refusal for anybody but an operator; `imports_frozen` while the stop switch is on. A dry run changes nothing and is
/// allowed.
pub async fn require_import(app: &App, principal: &Principal, is_dry_run: bool) -> Result<(), Error> {
    app.require(Action::ImportRecords, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    require_not_frozen(&mut tx, is_dry_run).await
}

/// Looked at when an import begins, and again in the transaction that applies it.
async fn require_not_frozen(tx: &mut Tx, is_dry_run: bool) -> Result<(), Error> {
    let freeze = installation::find_freeze(tx).await?;
    if !freeze.is_frozen || is_dry_run {
        return Ok(());
    }
    let why = freeze.reason.map(|reason| format!(" They say: {reason}")).unwrap_or_default();
    Err(Error::refused(
        "imports_frozen",
        "Imports are stopped",
        format!(
            "The operator has stopped linking, imports and mail for now.{why} Nothing was imported; a dry run works."
        ),
    ))
}

async fn run(
    app: &App,
    principal: &Principal,
    sources: Vec<Source>,
    options: ImportOptions,
    progress: &Arc<ImportProgress>,
) -> Result<ImportReport, Error> {
    require_import(app, principal, options.is_dry_run).await?;
    let names = sources.iter().map(|s| s.name.clone()).collect();
    let mut findings = stage::Findings::new(names, options.rejects);
    let mut staging = Staging::open().await?;
    stage::stage(app, &mut staging, sources, &mut findings, progress).await?;
    if findings.errors.is_empty() || findings.keeps_going() {
        stage::check_references(app, &mut staging, &mut findings).await?;
    }
    if !findings.errors.is_empty() && !findings.keeps_going() {
        return Err(Error::BadInput(findings.errors));
    }
    fault::point("import.staged");

    let mut attempts = Attempts::new();
    loop {
        match apply::apply(app, principal, &mut staging, &findings, options.is_dry_run, progress).await {
            Ok(mut report) => {
                fault::point("import.committed");
                app.feed.poke();
                report.rejected = findings.rejected;
                report.errors = std::mem::take(&mut findings.errors);
                staging.close().await?;
                let rows: u64 = report.created.values().sum();
                if !options.is_dry_run
                    && rows >= MANY
                    && let Err(e) = orglink_store::import::refresh_statistics(&app.db).await
                {
                    tracing::warn!(error = %e, "imported, but the database could not count what there is now");
                }
                return Ok(report);
            }
            Err(e) => {
                if !attempts.again(&e).await {
                    return Err(e);
                }
            }
        }
    }
}
