//! The transparency log: the log itself, its tiles, and the envelopes that its leaves are.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::ledger::{Entry, Tile};
use uuid::Uuid;

use crate::row::{Time, bytes32, digest};
use crate::{StoreError, Tx, fault};

/// A log with its newest checkpoint.
#[derive(Debug, Clone)]
pub struct Log {
    pub id: Uuid,
    /// 1 for the first.
    pub number: i64,
    pub origin: String,
    pub public_key: [u8; 32],
    /// Encrypted under the installation's key.
    pub sealed_key: Vec<u8>,
    /// Raised by every checkpoint.
    pub generation: i64,
    pub size: i64,
    pub root: Digest,
    /// The checkpoint as it was signed.
    pub note: String,
    pub signed_at: Timestamp,
    /// Origin, size and root of the log before.
    pub previous: Option<String>,
}

/// What is signed at a size.
#[derive(Debug, Clone)]
pub struct Signed {
    pub size: i64,
    pub root: Digest,
    pub note: String,
    pub at: Timestamp,
}

type LogRow = (Uuid, i64, String, Vec<u8>, Vec<u8>, i64, i64, Vec<u8>, String, Time, Option<String>);

fn from_row(row: LogRow) -> Result<Log, StoreError> {
    let (id, number, origin, public_key, sealed_key, generation, size, root, note, signed_at, previous) = row;
    Ok(Log {
        id,
        number,
        public_key: bytes32(&public_key, "ledger_log", "public_key", id)?,
        sealed_key,
        generation,
        size,
        root: digest(&root, "ledger_log", "root", id)?,
        note,
        signed_at: signed_at.0,
        origin,
        previous,
    })
}

/// The log that goes on.
pub async fn find_current(tx: &mut Tx) -> Result<Option<Log>, StoreError> {
    fetch_optional!(tx, sql!("ledger/find_current"), LogRow)?.map(from_row).transpose()
}

/// A log, ended or not.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Log>, StoreError> {
    fetch_optional!(tx, sql!("ledger/find"), LogRow, id)?.map(from_row).transpose()
}

/// The log of an origin, ended or not.
pub async fn find_by_origin(tx: &mut Tx, origin: &str) -> Result<Option<Log>, StoreError> {
    fetch_optional!(tx, sql!("ledger/find_by_origin"), LogRow, origin)?.map(from_row).transpose()
}

/// The number of the newest log; 0 when there is none.
pub async fn find_last_number(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("ledger/find_last_number"), (i64,))?.0)
}

/// Opens a log; false when somebody else opened one with its number.
pub async fn create(tx: &mut Tx, log: &Log, reason: Option<&str>) -> Result<bool, StoreError> {
    let created = execute!(
        tx,
        sql!("ledger/create"),
        log.id,
        log.number,
        log.origin.as_str(),
        log.public_key.as_slice(),
        log.sealed_key.as_slice(),
        log.root.as_bytes().as_slice(),
        log.note.as_str(),
        Time(log.signed_at),
        log.previous.as_deref(),
        reason,
    )?;
    Ok(created == 1)
}

/// Ends a log: nothing is signed for it any more.
pub async fn end(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("ledger/end"), id, Time(at))?;
    Ok(())
}

/// Keeps tiles and the checkpoint over them; false when somebody else went on since the log was read. Then nothing may be
/// kept: the transaction is dropped.
pub async fn advance(tx: &mut Tx, log: &Log, tiles: &[Tile], signed: &Signed) -> Result<bool, StoreError> {
    let advanced = execute!(
        tx,
        sql!("ledger/advance"),
        log.id,
        log.generation,
        signed.size,
        signed.root.as_bytes().as_slice(),
        signed.note.as_str(),
        Time(signed.at),
    )?;
    if advanced == 0 {
        return Ok(false);
    }
    fault::point("ledger.advanced");
    for tile in tiles {
        let hashes: Vec<u8> = tile.hashes.iter().flat_map(|h| *h.as_bytes()).collect();
        let index = i64::try_from(tile.index).unwrap_or(i64::MAX);
        execute!(tx, sql!("ledger/put_tile"), log.id, i64::from(tile.level), index, hashes)?;
    }
    fault::point("ledger.tiles");
    Ok(true)
}

/// Keeps the signing key encrypted anew.
pub async fn reseal(tx: &mut Tx, id: Uuid, sealed_key: &[u8]) -> Result<(), StoreError> {
    execute!(tx, sql!("ledger/reseal"), id, sealed_key)?;
    Ok(())
}

/// A tile as far as it is filled.
pub async fn find_tile(tx: &mut Tx, log: Uuid, level: u8, index: u64) -> Result<Option<Tile>, StoreError> {
    let Ok(number) = i64::try_from(index) else { return Ok(None) };
    let row = fetch_optional!(tx, sql!("ledger/find_tile"), (Vec<u8>,), log, i64::from(level), number)?;
    row.map(|(bytes,)| {
        let hashes = bytes
            .chunks(32)
            .map(|hash| digest(hash, "ledger_tile", "hashes", log))
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Tile { level, index, hashes })
    })
    .transpose()
}

/// The envelopes of events after a position, in their order.
pub async fn list_entries(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    type Row = (i64, Uuid, String, Time, Option<Uuid>, String, Option<Uuid>, Option<Uuid>, Vec<u8>);
    fetch_all!(tx, sql!("ledger/list_entries"), Row, after, limit)?
        .into_iter()
        .map(|(position, id, kind, at, actor_id, through, organization_id, workspace_id, commitment)| {
            Ok(Entry {
                actor_id,
                at: at.0,
                commitment: digest(&commitment, "event", "commitment", id)?,
                id,
                organization_id,
                position,
                through,
                kind,
                workspace_id,
            })
        })
        .collect()
}
