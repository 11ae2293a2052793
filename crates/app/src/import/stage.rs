//! Reads everything into the staging database: each line by itself, then what it refers to.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::Arc;

use orglink_domain::catalog::Catalog;
use orglink_domain::name::fold;
use orglink_store::staging::{RecordType, Reference, StagedRecord, Staging};
use orglink_store::{StoreError, Tx, fault, import as bulk};
use tokio::sync::mpsc;

use super::names::Names;
use super::parse::{References, column_of, parse};
use super::reader::Lines;
use super::{ImportProgress, Source};
use crate::{App, Error, ImportLimits, InputError};

/// How much is handed from the reading thread to the database at once.
const BATCH_RECORDS: usize = 1000;
const BATCH_BYTES: usize = 4 << 20;
/// After so many errors nobody reads on.
const MAX_ERRORS: usize = 50;
/// Bits of a place that count lines; the rest counts files.
const LINE_BITS: u32 = 40;

/// A line of one of the files, as one number.
pub fn place(file: usize, line: i64) -> i64 {
    (i64::try_from(file).unwrap_or(0) << LINE_BITS) | line
}

/// The files' names, and what is wrong with their lines.
pub struct Findings {
    names: Vec<String>,
    pub errors: Vec<InputError>,
    /// Where bad lines go, when the good ones are to be kept.
    rejects: Option<Box<dyn Write + Send + Sync>>,
    pub rejected: u64,
}

impl Findings {
    pub fn new(names: Vec<String>, rejects: Option<Box<dyn Write + Send + Sync>>) -> Self {
        Self { names, errors: Vec::new(), rejects, rejected: 0 }
    }

    pub const fn keeps_going(&self) -> bool {
        self.rejects.is_some()
    }

    /// Notes an error; the bytes of its line go to the file of rejects.
    pub fn add(&mut self, at: i64, column: Option<i64>, detail: String, line: &[u8]) -> Result<(), StoreError> {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(self.error(at, column, detail));
        }
        self.rejected += 1;
        if let Some(rejects) = &mut self.rejects {
            rejects.write_all(line)?;
            rejects.write_all(b"\n")?;
        }
        Ok(())
    }

    pub fn error(&self, at: i64, column: Option<i64>, detail: String) -> InputError {
        let file = usize::try_from(at >> LINE_BITS).ok().and_then(|file| self.names.get(file)).cloned();
        let line = Some(at & ((1 << LINE_BITS) - 1));
        InputError { file, line, column, field: None, detail }
    }

    /// Nothing is to be kept after all.
    fn stop(&mut self) {
        self.rejects = None;
    }

    fn is_enough(&self) -> bool {
        !self.keeps_going() && self.errors.len() >= MAX_ERRORS
    }
}

/// What the reading thread hands over.
enum Read {
    Record { at: i64, record_type: RecordType, key: String, refers: References, body: String },
    Bad { at: i64, column: Option<i64>, detail: String, line: Vec<u8>, is_final: bool },
}

/// Reads all sources into the staging database.
pub async fn stage(
    app: &App,
    staging: &mut Staging,
    sources: Vec<Source>,
    findings: &mut Findings,
    progress: &Arc<ImportProgress>,
) -> Result<(), Error> {
    let (sender, mut receiver) = mpsc::channel::<Vec<Read>>(4);
    let (catalog, limits, seen) = (app.catalog.clone(), app.settings.import, Arc::clone(progress));
    let thread = tokio::task::spawn_blocking(move || read_all(sources, &catalog, limits, &sender, &seen));
    let mut known = Known::default();
    while let Some(batch) = receiver.recv().await {
        fault::point("import.read");
        if stage_batch(app, staging, batch, &mut known, findings).await? {
            // What follows cannot be read: keeping the good lines before it would hide how much is missing.
            findings.stop();
            break;
        }
        if findings.is_enough() {
            break;
        }
    }
    drop(receiver);
    thread.await.map_err(|e| StoreError::from(std::io::Error::other(e.to_string())))?;
    Ok(())
}

/// The reading thread: ends when nobody listens any more.
fn read_all(
    sources: Vec<Source>,
    catalog: &Catalog,
    limits: ImportLimits,
    sender: &mpsc::Sender<Vec<Read>>,
    progress: &ImportProgress,
) {
    let mut batch = Vec::new();
    let mut bytes = 0;
    for (file, source) in sources.into_iter().enumerate() {
        let mut number = 0;
        let mut lines = match Lines::new(source.reader, limits) {
            Ok(lines) => lines,
            Err(e) => {
                let at = place(file, 1);
                batch.push(Read::Bad { at, column: None, detail: e.detail, line: vec![], is_final: true });
                let _ = sender.blocking_send(batch);
                return;
            }
        };
        loop {
            number += 1;
            let at = place(file, number);
            let read = match lines.next_line() {
                Ok(None) => break,
                Ok(Some(line)) if line.trim().is_empty() => continue,
                Ok(Some(line)) => {
                    bytes += line.len();
                    match parse(line, catalog) {
                        Ok(record) => Read::Record {
                            at,
                            record_type: record.record_type(),
                            key: record.key(),
                            refers: record.references(),
                            body: line.to_owned(),
                        },
                        Err(e) => Read::Bad {
                            at,
                            column: e.column,
                            detail: e.detail,
                            line: line.as_bytes().to_vec(),
                            is_final: false,
                        },
                    }
                }
                Err(e) => {
                    let line = if e.is_final { vec![] } else { lines.last_bytes().to_vec() };
                    Read::Bad { at, column: e.column, detail: e.detail, line, is_final: e.is_final }
                }
            };
            progress.read_line();
            let is_final = matches!(&read, Read::Bad { is_final: true, .. });
            batch.push(read);
            if is_final || batch.len() >= BATCH_RECORDS || bytes >= BATCH_BYTES {
                bytes = 0;
                if sender.blocking_send(std::mem::take(&mut batch)).is_err() || is_final {
                    return;
                }
            }
        }
    }
    let _ = sender.blocking_send(batch);
}

/// What a reference may be to, as far as memory goes; the rest is looked up.
#[derive(Default)]
struct Known {
    /// Accounts that were staged or are stored.
    accounts: Names<()>,
    /// Records that were staged.
    records: HashSet<(RecordType, String)>,
}

/// Records that are remembered as staged.
const REMEMBERED: usize = 200_000;

/// Stages a batch; true when the reading stopped for good.
async fn stage_batch(
    app: &App,
    staging: &mut Staging,
    batch: Vec<Read>,
    known: &mut Known,
    findings: &mut Findings,
) -> Result<bool, Error> {
    know_accounts(app, staging, &batch, &mut known.accounts).await?;
    let mut records: HashMap<RecordType, Vec<StagedRecord>> = HashMap::new();
    let mut references: Vec<Reference> = Vec::new();
    let mut is_final = false;
    for read in batch {
        let (at, record_type, key, refers, body) = match read {
            Read::Record { at, record_type, key, refers, body } => (at, record_type, key, refers, body),
            Read::Bad { at, column, detail, line, is_final: ends } => {
                findings.add(at, column, detail, &line)?;
                is_final |= ends;
                continue;
            }
        };
        if let Some(email) = refers.accounts.iter().find(|email| !known.accounts.contains(email)) {
            let detail = format!("there is no account '{email}': an account must stand before whatever refers to it");
            findings.add(at, column_of(&body, email), detail, body.as_bytes())?;
            continue;
        }
        if record_type == RecordType::Account {
            known.accounts.found(key.clone(), ());
        } else if !findings.keeps_going() && known.records.len() < REMEMBERED {
            known.records.insert((record_type, key.clone()));
        }
        let open = refers.records.into_iter().filter(|to| !known.records.contains(to));
        references.extend(open.map(|(to, key)| Reference { to, key, line: at }));
        records.entry(record_type).or_default().push(StagedRecord { key, line: at, body });
    }
    for record_type in RecordType::ALL {
        let Some(records) = records.remove(record_type) else { continue };
        for duplicate in staging.add(*record_type, &records).await? {
            references.retain(|r| r.line != duplicate.line);
            let body = records.iter().find(|r| r.line == duplicate.line).map(|r| r.body.as_str()).unwrap_or_default();
            let first = findings.error(duplicate.first_line, None, String::new());
            let detail = format!(
                "the {record_type} '{}' stands here a second time; first in {} line {}",
                duplicate.key,
                first.file.unwrap_or_default(),
                first.line.unwrap_or_default()
            );
            findings.add(duplicate.line, None, detail, body.as_bytes())?;
        }
    }
    staging.add_references(&references).await?;
    Ok(is_final)
}

/// Looks up the addresses that a batch refers to, among what was staged before and what is stored.
async fn know_accounts(app: &App, staging: &mut Staging, batch: &[Read], known: &mut Names<()>) -> Result<(), Error> {
    let wanted = batch.iter().flat_map(|read| match read {
        Read::Record { refers, .. } => refers.accounts.as_slice(),
        Read::Bad { .. } => &[],
    });
    let missing = known.missing(wanted);
    let unknown: HashSet<String> = staging.unknown_accounts(&missing).await?.into_iter().collect();
    for email in missing.into_iter().filter(|email| !unknown.contains(email)) {
        known.found(email, ());
    }
    if !unknown.is_empty() {
        let unknown: Vec<String> = unknown.into_iter().collect();
        let mut tx = app.db.begin_read().await?;
        for (email, _) in bulk::find_account_ids(&mut tx, &unknown).await? {
            known.found(email, ());
        }
    }
    Ok(())
}

/// Finds what is referred to and neither staged nor stored. With `--keep-going` the lines that do so are taken
/// out, and then what refers to them.
pub async fn check_references(app: &App, staging: &mut Staging, findings: &mut Findings) -> Result<(), Error> {
    loop {
        let mut removed = false;
        for to in [RecordType::Organization, RecordType::Workspace, RecordType::Site, RecordType::UserGroup] {
            let (mut key, mut line) = (String::new(), 0);
            loop {
                let unmet = staging.list_unmet_references(to, (&key, line), 1000).await?;
                let Some(last) = unmet.last() else { break };
                (key, line) = last.clone();
                let mut tx = app.db.begin_read().await?;
                let stored = stored_keys(&mut tx, to, &unmet).await?;
                drop(tx);
                for (key, line) in unmet.iter().filter(|(key, _)| !stored.contains(key)) {
                    let body = staging.find_body(*line).await?.unwrap_or_default();
                    let name = key.rsplit('/').next().unwrap_or(key);
                    let detail = format!("there is no {to} '{key}', neither in the import nor stored");
                    findings.add(*line, column_of(&body, name), detail, body.as_bytes())?;
                    staging.remove_line(*line).await?;
                    removed = true;
                    if findings.is_enough() {
                        return Ok(());
                    }
                }
            }
        }
        if !removed || !findings.keeps_going() {
            return Ok(());
        }
    }
}

async fn stored_keys(tx: &mut Tx, to: RecordType, wanted: &[(String, i64)]) -> Result<HashSet<String>, Error> {
    let keys: Vec<String> = wanted.iter().map(|(key, _)| key.clone()).collect::<HashSet<_>>().into_iter().collect();
    let mut found = HashSet::new();
    match to {
        RecordType::Organization => {
            found.extend(bulk::find_organizations(tx, &keys).await?.iter().map(|o| fold(&o.slug)));
        }
        RecordType::Workspace => found.extend(bulk::find_workspace_ids(tx, &keys).await?.into_keys()),
        RecordType::Site => {
            for key in keys {
                if bulk::find_site(tx, &key).await?.is_some() {
                    found.insert(key);
                }
            }
        }
        RecordType::UserGroup => {
            let split: Vec<(&str, &str)> = keys.iter().filter_map(|key| key.split_once('/')).collect();
            let slugs: Vec<String> =
                split.iter().map(|(w, _)| (*w).to_owned()).collect::<HashSet<_>>().into_iter().collect();
            let ids = bulk::find_workspace_ids(tx, &slugs).await?;
            let pairs: Vec<_> =
                split.iter().filter_map(|(w, g)| ids.get(*w).map(|id| (*id, (*g).to_owned()))).collect();
            let groups = bulk::find_groups(tx, &pairs).await?;
            for (workspace, group) in split {
                if ids.get(workspace).is_some_and(|id| groups.contains_key(&(*id, group.to_owned()))) {
                    found.insert(format!("{workspace}/{group}"));
                }
            }
        }
        RecordType::Account
        | RecordType::Role
        | RecordType::Repository
        | RecordType::Subscription
        | RecordType::Invoice => {}
    }
    Ok(found)
}
