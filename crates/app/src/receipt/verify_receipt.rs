//! Checks a receipt. It takes the file and the public key, and nothing else.

use orglink_domain::ledger::VerifierKey;
use orglink_domain::receipt::{Verified, Wrong, origin_of, verify};
use orglink_store::ledger;

use crate::ledger::{holds, key_of};
use crate::{App, Error};

/// Checks a receipt against a public key.
///
/// # Errors
/// The field that is wrong, and why.
pub fn verify_receipt(bytes: &[u8], key: &VerifierKey) -> Result<Verified, Wrong> {
    verify(bytes, key, holds)
}

/// This installation's key for a receipt: that of the ledger which the receipt names, if it was ever ours, or of the one that
/// goes on; nothing where no ledger was begun.
///
/// # Errors
/// When the database is not reachable.
pub async fn find_key(app: &App, bytes: &[u8]) -> Result<Option<VerifierKey>, Error> {
    let mut tx = app.db.begin_read().await?;
    let named = match origin_of(bytes) {
        Some(origin) => ledger::find_by_origin(&mut tx, &origin).await?,
        None => None,
    };
    let log = match named {
        Some(log) => Some(log),
        None => ledger::find_current(&mut tx).await?,
    };
    Ok(log.as_ref().map(key_of))
}
