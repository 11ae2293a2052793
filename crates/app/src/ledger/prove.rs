//! That an event is in the log: what somebody without the database can check.

use orglink_domain::digest::Digest;
use orglink_domain::ledger::path_of;
use orglink_store::ledger::Log;
use orglink_store::{Tx, ledger};
use serde::Serialize;

use super::integrate::leaf_of;
use super::{mark, not_begun, size_of};
use crate::{App, Error};

/// A proof of inclusion, with what it takes to check it.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    pub origin: String,
    /// The event's position; its leaf has the number before it.
    pub position: i64,
    pub index: u64,
    /// How many leaves the checkpoint is about.
    pub size: u64,
    /// The bytes of the leaf: the event's envelope.
    pub entry: String,
    pub leaf_hash: Digest,
    /// From the leaf upwards.
    pub path: Vec<Digest>,
    /// As it was signed.
    pub checkpoint: String,
}

/// Proves that the event at a position is under the newest checkpoint.
///
/// # Errors
/// When no such event is in the log (yet).
pub async fn prove_inclusion(app: &App, position: i64) -> Result<Proof, Error> {
    let absent = || Error::not_found("position in the ledger", &position.to_string());
    let mut tx = app.db.begin_read().await?;
    let log = ledger::find_current(&mut tx).await?.ok_or_else(not_begun)?;
    prove_in(&mut tx, &log, position).await?.ok_or_else(absent)
}

/// The same in a snapshot at hand; nothing when the event is not in the log (yet).
pub(crate) async fn prove_in(tx: &mut Tx, log: &Log, position: i64) -> Result<Option<Proof>, Error> {
    let size = size_of(log);
    let Some(index) = position.checked_sub(1).and_then(|i| u64::try_from(i).ok()).filter(|i| *i < size) else {
        return Ok(None);
    };
    let tiles = mark::tiles_for(tx, log, |nodes| {
        path_of(index, size, nodes);
    })
    .await?;
    let path = path_of(index, size, &mut |place| mark::in_tiles(&tiles, place));
    let path = path.ok_or_else(|| super::refuse("Tiles of the ledger are missing: orglink ledger verify."))?;
    let Some(entry) = ledger::list_entries(tx, position - 1, 1).await?.into_iter().next() else { return Ok(None) };
    let bytes = entry.to_bytes().map_err(|_| Error::broken("the envelope of an event cannot be written"))?;
    Ok(Some(Proof {
        origin: log.origin.clone(),
        position,
        index,
        size,
        leaf_hash: leaf_of(&entry)?,
        entry: String::from_utf8_lossy(&bytes).into_owned(),
        path,
        checkpoint: log.note.clone(),
    }))
}
