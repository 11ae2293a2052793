//! Answers kept so that a retried request gets the same one.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::AccountId;

use crate::row::{Time, digest};
use crate::{StoreError, Tx};

/// What a request is remembered by.
#[derive(Debug, Clone)]
pub struct Key {
    pub account_id: AccountId,
    /// The operation, not its address.
    pub route: &'static str,
    pub key: String,
    /// Over everything that makes the request what it is.
    pub request_hash: Digest,
}

/// The request hash and the answer kept for a key.
pub async fn find(tx: &mut Tx, key: &Key) -> Result<Option<(Digest, Vec<u8>)>, StoreError> {
    let row = fetch_optional!(
        tx,
        sql!("idempotency/find"),
        (Vec<u8>, Vec<u8>),
        key.account_id.0,
        key.route,
        key.key.as_str()
    )?;
    row.map(|(hash, answer)| Ok((digest(&hash, "idempotency", "request_hash", &key.key)?, answer))).transpose()
}

/// Keeps an answer in the transaction of its effect; false when somebody else answered the same key.
pub async fn create(tx: &mut Tx, key: &Key, answer: &[u8], at: Timestamp) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("idempotency/create"),
        key.account_id.0,
        key.route,
        key.key.as_str(),
        key.request_hash.as_bytes().as_slice(),
        answer,
        Time(at),
    )?;
    Ok(written == 1)
}
