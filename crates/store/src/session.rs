//! Signed-in browsers, by the hash of their secret.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, SessionId};
use uuid::Uuid;

use crate::account::from_row as account_from_row;
use crate::row::Time;
use crate::{StoreError, Tx};

/// A session that begins.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    pub id: SessionId,
    pub account: AccountId,
    /// Which browser it is, as it says itself, and the network address it was opened from.
    pub user_agent: &'a str,
    pub address: &'a str,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn create(tx: &mut Tx, secret_hash: &Digest, new: NewSession<'_>) -> Result<(), StoreError> {
    let NewSession { id, account, user_agent, address, at, expires_at } = new;
    let hash = secret_hash.as_bytes().as_slice();
    execute!(tx, sql!("session/create"), id.0, hash, account.0, Time(at), Time(expires_at), user_agent, address)?;
    Ok(())
}

/// What a cookie stands for, as things are now.
#[derive(Debug, Clone)]
pub struct OpenSession {
    pub id: SessionId,
    pub expires_at: Timestamp,
    /// When its owner last proved that it is them.
    pub authenticated_at: Timestamp,
    pub account: Account,
    /// The owner's time zone, by its IANA name.
    pub time_zone: Option<String>,
}

/// The session of a secret, with its account as it is now; its end is the caller's to check.
pub async fn find(tx: &mut Tx, secret_hash: &Digest) -> Result<Option<OpenSession>, StoreError> {
    type Row = (Uuid, Time, Time, Option<String>, Uuid, String, String, bool, bool, bool, bool);
    let row = fetch_optional!(tx, sql!("session/find"), Row, secret_hash.as_bytes().as_slice())?;
    Ok(row.map(|(id, expires_at, authenticated_at, time_zone, a, b, c, d, e, f, g)| OpenSession {
        id: SessionId(id),
        expires_at: expires_at.0,
        authenticated_at: authenticated_at.0,
        account: account_from_row((a, b, c, d, e, f, g)),
        time_zone,
    }))
}

/// Its owner has proven again that it is them; false when it has ended.
pub async fn confirm(tx: &mut Tx, id: SessionId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("session/confirm"), id.0, Time(at))? == 1)
}

/// Ends every session of an account; how many.
pub async fn delete_all(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    execute!(tx, sql!("session/delete_all"), account.0)
}

/// Ends a session of an account; false when it has none of this id.
pub async fn delete(tx: &mut Tx, id: SessionId, account: AccountId) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("session/delete"), id.0, account.0)? == 1)
}

/// Ends every session of an account but one; how many.
pub async fn delete_others(tx: &mut Tx, account: AccountId, kept: SessionId) -> Result<u64, StoreError> {
    execute!(tx, sql!("session/delete_others"), account.0, kept.0)
}

/// A signed-in browser, as its owner may know it.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub user_agent: Option<String>,
    /// The network address it was opened from.
    pub address: Option<String>,
}

/// The sessions of an account that have not ended, the last used first (at most 200).
pub async fn list(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    type Row = (Uuid, Time, Time, Time, Option<String>, Option<String>);
    let rows = fetch_all!(tx, sql!("session/list"), Row, account.0, Time(now))?;
    Ok(rows
        .into_iter()
        .map(|(id, created, seen, expires, user_agent, address)| Session {
            id: SessionId(id),
            created_at: created.0,
            last_seen_at: seen.0,
            expires_at: expires.0,
            user_agent,
            address,
        })
        .collect())
}

pub async fn change_seen(tx: &mut Tx, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("session/change_seen"), id.0, Time(at))?;
    Ok(())
}
