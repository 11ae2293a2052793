//! Recomputes the whole tree from the events and compares it with what is kept and signed.

use orglink_domain::digest::Digest;
use orglink_domain::ledger::{Checkpoint, Edge, Note, Tile};
use orglink_store::ledger::Log;
use orglink_store::{Tx, ledger};
use serde::Serialize;

use super::integrate::leaf_of;
use super::key::is_signed;
use super::{checkpoint_of, mark, size_of};
use crate::{App, Error};

/// Events that are read at once.
const PAGE: i64 = 4096;
/// How many differences are told.
const TOLD: usize = 20;

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Verification {
    pub origin: String,
    pub size: u64,
    pub root: Digest,
    /// What differs, in words; empty when all is well.
    pub problems: Vec<String>,
}

/// Checks the log that goes on; nothing when none was begun.
///
/// # Errors
/// When the database is not reachable.
pub async fn verify(app: &App) -> Result<Option<Verification>, Error> {
    let mut tx = app.db.begin_read().await?;
    let current = ledger::find_current(&mut tx).await?;
    let checked = mark::check(app, &mut tx, current.as_ref()).await;
    let Some(log) = current else { return checked.map(|()| None) };
    let mut problems = Vec::new();
    match checked {
        Err(e @ Error::Refused(_)) => problems.push(e.to_string()),
        other => other?,
    }
    check_note(&log, &mut problems);
    compare(&mut tx, &log, &mut problems).await?;
    Ok(Some(Verification { size: size_of(&log), origin: log.origin, root: log.root, problems }))
}

/// Whether the checkpoint is signed and says what the log says.
fn check_note(log: &Log, problems: &mut Vec<String>) {
    let Ok(note) = log.note.parse::<Note>() else { return problems.push("the checkpoint cannot be read".to_owned()) };
    if !is_signed(&note, log) {
        problems.push("the checkpoint is not signed with the ledger's key".to_owned());
    }
    if note.text.parse::<Checkpoint>().ok() != Some(checkpoint_of(log, size_of(log), log.root)) {
        problems.push("the checkpoint is not about the tree that is kept".to_owned());
    }
}

/// Builds the tree again.
async fn compare(tx: &mut Tx, log: &Log, problems: &mut Vec<String>) -> Result<(), Error> {
    let (mut edge, mut full) = (Edge::default(), Vec::new());
    let mut after = 0_i64;
    while after < log.size {
        let page = ledger::list_entries(tx, after, PAGE.min(log.size - after)).await?;
        if page.is_empty() {
            problems.push(format!("the events after position {after} are missing"));
            return Ok(());
        }
        for entry in page {
            after += 1;
            if entry.position != after {
                problems.push(format!("the event at position {after} is missing"));
                return Ok(());
            }
            edge.push(leaf_of(&entry)?, &mut full);
        }
        for tile in full.drain(..) {
            compare_tile(tx, log, &tile, problems).await?;
        }
    }
    for tile in edge.tiles() {
        compare_tile(tx, log, &tile, problems).await?;
    }
    if edge.root() != Some(log.root) {
        problems.push("the root over the events is not the one that was signed".to_owned());
    }
    Ok(())
}

async fn compare_tile(tx: &mut Tx, log: &Log, tile: &Tile, problems: &mut Vec<String>) -> Result<(), Error> {
    if problems.len() >= TOLD {
        return Ok(());
    }
    let kept = ledger::find_tile(tx, log.id, tile.level, tile.index).await?;
    let Some(kept) = kept else {
        problems.push(format!("tile {}/{} is missing", tile.level, tile.index));
        return Ok(());
    };
    for (number, hash) in tile.hashes.iter().enumerate() {
        if kept.hashes.get(number) == Some(hash) {
            continue;
        }
        let number = tile.index * 256 + u64::try_from(number).unwrap_or(0);
        problems.push(match tile.level {
            0 => format!("the event at position {} is not the one that was signed", number + 1),
            level => format!("hash {number} of level {level} is not that of the leaves below it"),
        });
        if problems.len() >= TOLD {
            break;
        }
    }
    Ok(())
}
