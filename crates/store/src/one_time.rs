//! Secrets that were handed out once, by their hashes.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::AccountId;
use uuid::Uuid;

use crate::row::Time;
use crate::{StoreError, Tx};

/// What is kept of a secret.
#[derive(Debug, Clone)]
pub struct OneTimeToken {
    /// What it may be used for.
    pub purpose: String,
    /// What it is about: an invitation, an account, a mail.
    pub subject_id: Uuid,
    /// Whom it was handed to, if that was an account.
    pub account_id: Option<AccountId>,
    /// The address it was sent to.
    pub email_folded: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

pub async fn create(tx: &mut Tx, secret_hash: &Digest, token: &OneTimeToken) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("one_time/create"),
        secret_hash.as_bytes().as_slice(),
        token.purpose.as_str(),
        token.subject_id,
        token.account_id.map(|a| a.0),
        token.email_folded.as_deref(),
        Time(token.created_at),
        Time(token.expires_at),
    )?;
    Ok(())
}

/// What a secret stands for; whether it may still be used is the caller's to check.
pub async fn find(tx: &mut Tx, secret_hash: &Digest) -> Result<Option<OneTimeToken>, StoreError> {
    type Row = (String, Uuid, Option<Uuid>, Option<String>, Time, Time, Option<Time>);
    let row = fetch_optional!(tx, sql!("one_time/find"), Row, secret_hash.as_bytes().as_slice())?;
    Ok(row.map(|(purpose, subject_id, account, email_folded, created, expires, used)| OneTimeToken {
        purpose,
        subject_id,
        account_id: account.map(AccountId),
        email_folded,
        created_at: created.0,
        expires_at: expires.0,
        used_at: used.map(|t| t.0),
    }))
}

/// Uses every open secret of a subject; how many there were.
pub async fn use_all(tx: &mut Tx, purpose: &str, subject_id: Uuid, at: Timestamp) -> Result<u64, StoreError> {
    execute!(tx, sql!("one_time/use_all"), purpose, subject_id, Time(at))
}
