//! Sign-in links, and the failures that slow down guessing.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::AccountId;
use uuid::Uuid;

use crate::row::Time;
use crate::{StoreError, Tx};

/// A link that signs somebody in.
#[derive(Debug, Clone, Copy)]
pub struct SignInLink {
    /// Whom it signs in; nobody yet for the link that makes the first operator.
    pub account_id: Option<AccountId>,
    /// Only those of a demo; any other is used up.
    pub is_reusable: bool,
    pub expires_at: Timestamp,
}

pub async fn create_link(tx: &mut Tx, secret_hash: &Digest, link: SignInLink, at: Timestamp) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("sign_in/create_link"),
        secret_hash.as_bytes().as_slice(),
        link.account_id.map(|id| id.0),
        link.is_reusable,
        Time(at),
        Time(link.expires_at),
    )?;
    Ok(())
}

pub async fn find_link(tx: &mut Tx, secret_hash: &Digest) -> Result<Option<SignInLink>, StoreError> {
    let hash = secret_hash.as_bytes().as_slice();
    let row = fetch_optional!(tx, sql!("sign_in/find_link"), (Option<Uuid>, bool, Time), hash)?;
    Ok(row.map(|(account, is_reusable, expires_at)| SignInLink {
        account_id: account.map(AccountId),
        is_reusable,
        expires_at: expires_at.0,
    }))
}

/// Uses a link up; false when somebody else did.
pub async fn delete_link(tx: &mut Tx, secret_hash: &Digest) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("sign_in/delete_link"), secret_hash.as_bytes().as_slice())? == 1)
}

/// Forgets the links that would make a first operator.
pub async fn delete_operator_links(tx: &mut Tx) -> Result<u64, StoreError> {
    execute!(tx, sql!("sign_in/delete_operator_links"))
}

pub async fn delete_expired_links(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    execute!(tx, sql!("sign_in/delete_expired_links"), Time(before))
}

/// How often in a row, and when last, somebody failed as this subject (an account or an address).
pub async fn find_failure(tx: &mut Tx, subject: &Digest) -> Result<Option<(i64, Timestamp)>, StoreError> {
    let subject = subject.as_bytes().as_slice();
    let row = fetch_optional!(tx, sql!("sign_in/find_failure"), (i64, Time), subject)?;
    Ok(row.map(|(failures, last_at)| (failures, last_at.0)))
}

pub async fn record_failure(tx: &mut Tx, subject: &Digest, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("sign_in/record_failure"), subject.as_bytes().as_slice(), Time(at))?;
    Ok(())
}

pub async fn delete_failure(tx: &mut Tx, subject: &Digest) -> Result<(), StoreError> {
    execute!(tx, sql!("sign_in/delete_failure"), subject.as_bytes().as_slice())?;
    Ok(())
}

pub async fn delete_old_failures(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    execute!(tx, sql!("sign_in/delete_old_failures"), Time(before))
}
