//! Goes on with the log: the next events become leaves, under a new checkpoint.

use orglink_domain::digest::Digest;
use orglink_domain::ledger::{Edge, Entry, Tile, hash_leaf};
use orglink_store::ledger::{Log, Signed};
use orglink_store::{Tx, event, fault, in_write, ledger};

use super::key::Signer;
use super::restart::open_log;
use super::{checkpoint_of, key_of, mark, refuse, size_of};
use crate::{App, Error};

/// How many events one transaction takes in.
const BATCH: i64 = 8192;

/// What is to be kept.
struct Step {
    log: Log,
    tiles: Vec<Tile>,
    signed: Signed,
    resealed: Option<Vec<u8>>,
    taken: usize,
}

/// Takes in the next events; how many. The first time it makes the log and its key.
///
/// Everything is computed from a snapshot and kept in one transaction, unless somebody else went on meanwhile: then
/// nothing is kept, and 0 comes back. Killed at any place, the next step goes on from what was kept.
///
/// # Errors
/// When the database is not reachable; refused when it does not hold what was signed for.
pub async fn integrate(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    let current = ledger::find_current(&mut tx).await?;
    mark::check(app, &mut tx, current.as_ref()).await?;
    let Some(log) = current else {
        drop(tx);
        return match open_log(app, None).await {
            Ok(_) | Err(Error::Stale) => Ok(0),
            Err(e) => Err(e),
        };
    };
    let last = event::find_last_position(&mut tx).await?;
    if last < log.size {
        let (origin, size) = (&log.origin, log.size);
        return Err(refuse(format!("{origin} is signed up to position {size}, and there are {last} events.")));
    }
    if last == log.size {
        // Whoever signed this may have been killed before it was noted.
        mark::write(app, &log.note, &checkpoint_of(&log, size_of(&log), log.root), false)?;
        return Ok(0);
    }
    let step = take_in(app, &mut tx, log).await?;
    drop(tx);
    keep(app, &step).await
}

/// Takes in everything that has a position.
///
/// # Errors
/// As [`integrate`].
pub async fn integrate_all(app: &App) -> Result<(), Error> {
    loop {
        let mut tx = app.db.begin_read().await?;
        let last = event::find_last_position(&mut tx).await?;
        if ledger::find_current(&mut tx).await?.is_some_and(|log| log.size == last) {
            let current = ledger::find_current(&mut tx).await?;
            return mark::check(app, &mut tx, current.as_ref()).await;
        }
        drop(tx);
        integrate(app).await?;
    }
}

/// The leaf of an event.
pub fn leaf_of(entry: &Entry) -> Result<Digest, Error> {
    let bytes = entry.to_bytes().map_err(|_| Error::broken("the envelope of an event cannot be written"))?;
    Ok(hash_leaf(&bytes))
}

/// The edge of a log, if its tiles are those that were signed and its newest leaves those of the events.
async fn sound_edge(tx: &mut Tx, log: &Log) -> Result<Edge, Error> {
    let differs = |what: &str| refuse(format!("{what}. See which with: orglink ledger verify."));
    let edge = mark::edge_of(tx, log).await?.ok_or_else(|| differs("Tiles of the ledger are missing"))?;
    if edge.root() != Some(log.root) {
        return Err(differs("Tiles of the ledger are not those that were signed"));
    }
    let newest = edge.newest_leaves();
    let count = i64::try_from(newest.len()).unwrap_or(0);
    let entries = ledger::list_entries(tx, log.size - count, count).await?;
    let leaves = entries.iter().map(leaf_of).collect::<Result<Vec<_>, _>>()?;
    if leaves != newest {
        return Err(differs("Events are not those that were signed"));
    }
    Ok(edge)
}

async fn take_in(app: &App, tx: &mut Tx, log: Log) -> Result<Step, Error> {
    let mut edge = sound_edge(tx, &log).await?;
    let entries = ledger::list_entries(tx, log.size, BATCH).await?;
    let mut tiles = Vec::new();
    for (entry, position) in entries.iter().zip(log.size + 1..) {
        if entry.position != position {
            return Err(refuse(format!("Position {position} is missing among the events.")));
        }
        edge.push(leaf_of(entry)?, &mut tiles);
    }
    tiles.extend(edge.tiles());
    let root = edge.root().ok_or_else(|| Error::broken("a tree without a root"))?;
    let (signer, resealed) = Signer::open(app, &log)?;
    let note = signer.sign(&key_of(&log), checkpoint_of(&log, edge.size(), root).to_string()).to_string();
    fault::point("ledger.signed");
    let size = i64::try_from(edge.size()).unwrap_or(i64::MAX);
    Ok(Step { log, tiles, signed: Signed { size, root, note, at: app.now() }, resealed, taken: entries.len() })
}

async fn keep(app: &App, step: &Step) -> Result<usize, Error> {
    let Step { log, tiles, signed, resealed, taken } = step;
    let is_kept = in_write!(app.db, tx, {
        if let Some(sealed) = resealed {
            ledger::reseal(tx, log.id, sealed).await?;
        }
        ledger::advance(tx, log, tiles, signed).await.map_err(Error::from)
    })?;
    if !is_kept {
        return Ok(0);
    }
    fault::point("ledger.committed");
    let size = u64::try_from(signed.size).unwrap_or(0);
    mark::write(app, &signed.note, &checkpoint_of(log, size, signed.root), false)?;
    Ok(*taken)
}
