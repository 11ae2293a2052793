//! What the log shows to everybody: its newest checkpoint, its tiles, its entries, its public key.

use orglink_domain::ledger::TilePath;
use orglink_store::ledger::Log;
use orglink_store::{Tx, ledger};
use uuid::Uuid;

use super::{key_of, not_begun};
use crate::{App, Error};

/// Which log.
#[derive(Debug, Clone, Copy)]
pub enum LogName {
    /// The one that goes on.
    Current,
    Id(Uuid),
}

async fn find(tx: &mut Tx, name: LogName) -> Result<Log, Error> {
    let log = match name {
        LogName::Current => ledger::find_current(tx).await?,
        LogName::Id(id) => ledger::find(tx, id).await?,
    };
    log.ok_or_else(not_begun)
}

/// The newest checkpoint of a log, as it was signed.
///
/// # Errors
/// When there is no such log.
pub async fn find_checkpoint(app: &App, name: LogName) -> Result<String, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(find(&mut tx, name).await?.note)
}

/// The verifier key of the log that goes on.
///
/// # Errors
/// When no log was begun.
pub async fn find_public_key(app: &App) -> Result<String, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(key_of(&find(&mut tx, LogName::Current).await?).to_string())
}

/// The bytes of a tile, or of a bundle of entries (each with its length before it, in two bytes).
///
/// # Errors
/// When there is no such log, or no such tile in it yet.
pub async fn read_tile(app: &App, name: LogName, path: &TilePath) -> Result<Vec<u8>, Error> {
    let absent = || Error::not_found("tile", &path.to_string());
    let mut tx = app.db.begin_read().await?;
    let log = find(&mut tx, name).await?;
    let Some(level) = path.level else { return read_entries(&mut tx, &log, path).await };
    let tile = ledger::find_tile(&mut tx, log.id, level, path.index).await?.ok_or_else(absent)?;
    let hashes = tile.hashes.get(..path.width).ok_or_else(absent)?;
    Ok(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
}

async fn read_entries(tx: &mut Tx, log: &Log, path: &TilePath) -> Result<Vec<u8>, Error> {
    let absent = || Error::not_found("tile", &path.to_string());
    let after = i64::try_from(path.index).ok().and_then(|index| index.checked_mul(256)).ok_or_else(absent)?;
    let width = i64::try_from(path.width).unwrap_or(0);
    if after.checked_add(width).is_none_or(|to| to > log.size) {
        return Err(absent());
    }
    let entries = ledger::list_entries(tx, after, width).await?;
    let mut bytes = Vec::new();
    for entry in &entries {
        let entry = entry.to_bytes().map_err(|_| Error::broken("the envelope of an event cannot be written"))?;
        let length = u16::try_from(entry.len()).map_err(|_| Error::broken("the envelope of an event is too long"))?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&entry);
    }
    Ok(bytes)
}
