//! Signed-in browsers, by the hash of their secret.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, SessionId};
use uuid::Uuid;

use crate::account::from_row as account_from_row;
use crate::row::Time;
use crate::{StoreError, Tx};

pub async fn create(
    tx: &mut Tx,
    id: SessionId,
    secret_hash: &Digest,
    account: AccountId,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let hash = secret_hash.as_bytes().as_slice();
    execute!(tx, sql!("session/create"), id.0, hash, account.0, Time(at), Time(expires_at))?;
    Ok(())
}

/// The session of a secret, with its account as it is now; its end is the caller's to check.
pub async fn find(tx: &mut Tx, secret_hash: &Digest) -> Result<Option<(SessionId, Timestamp, Account)>, StoreError> {
    type Row = (Uuid, Time, Uuid, String, String, bool, bool, bool);
    let row = fetch_optional!(tx, sql!("session/find"), Row, secret_hash.as_bytes().as_slice())?;
    Ok(row
        .map(|(id, expires_at, a, b, c, d, e, f)| (SessionId(id), expires_at.0, account_from_row((a, b, c, d, e, f)))))
}

pub async fn delete(tx: &mut Tx, id: SessionId, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("session/delete"), id.0, account.0)?;
    Ok(())
}

pub async fn delete_expired(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    execute!(tx, sql!("session/delete_expired"), Time(before))
}

pub async fn change_seen(tx: &mut Tx, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("session/change_seen"), id.0, Time(at))?;
    Ok(())
}
