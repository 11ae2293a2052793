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

/// Notes that somebody signed in from a place: whether it was seen before, and whether any was.
pub async fn note_place(
    tx: &mut Tx,
    account: AccountId,
    place: &Digest,
    at: Timestamp,
) -> Result<(bool, bool), StoreError> {
    let place = place.as_bytes().as_slice();
    let (known, all) = fetch_one!(tx, sql!("sign_in/count_places"), (i64, i64), account.0, place)?;
    execute!(tx, sql!("sign_in/save_place"), account.0, place, Time(at))?;
    Ok((known > 0, all > 0))
}

/// Keeps the hashes of new recovery codes instead of those there were.
pub async fn replace_recovery_codes(
    tx: &mut Tx,
    account: AccountId,
    hashes: &[Digest],
    at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, sql!("sign_in/delete_recovery_codes"), account.0)?;
    for hash in hashes {
        execute!(tx, sql!("sign_in/create_recovery_code"), account.0, hash.as_bytes().as_slice(), Time(at))?;
    }
    Ok(())
}

/// How many recovery codes an account has left, and how many it was given.
pub async fn count_recovery_codes(tx: &mut Tx, account: AccountId) -> Result<(i64, i64), StoreError> {
    fetch_one!(tx, sql!("sign_in/count_recovery_codes"), (i64, i64), account.0)
}

/// Uses a recovery code up; false when it is none, or was used.
pub async fn use_recovery_code(
    tx: &mut Tx,
    account: AccountId,
    hash: &Digest,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("sign_in/use_recovery_code"), account.0, hash.as_bytes().as_slice(), Time(at))? == 1)
}

/// Somebody asked for a link by mail.
#[derive(Debug, Clone)]
pub struct SignInRequest {
    pub id: Uuid,
    pub email_folded: String,
    /// Where they were going.
    pub next: String,
    /// Whose it is, once answered.
    pub account_id: Option<AccountId>,
}

pub async fn create_request(tx: &mut Tx, request: &SignInRequest, at: Timestamp) -> Result<(), StoreError> {
    let SignInRequest { id, email_folded, next, .. } = request;
    execute!(tx, sql!("sign_in/create_request"), *id, email_folded.as_str(), next.as_str(), Time(at))?;
    Ok(())
}

type RequestRow = (Uuid, String, String, Option<Uuid>);

fn request_of((id, email_folded, next, account): RequestRow) -> SignInRequest {
    SignInRequest { id, email_folded, next, account_id: account.map(AccountId) }
}

pub async fn find_request(tx: &mut Tx, id: Uuid) -> Result<Option<SignInRequest>, StoreError> {
    Ok(fetch_optional!(tx, sql!("sign_in/find_request"), RequestRow, id)?.map(request_of))
}

/// The oldest requests that nobody answered (at most 100).
pub async fn list_requests(tx: &mut Tx) -> Result<Vec<SignInRequest>, StoreError> {
    Ok(fetch_all!(tx, sql!("sign_in/list_requests"), RequestRow)?.into_iter().map(request_of).collect())
}

/// Answers a request; false when another replica did.
pub async fn answer_request(
    tx: &mut Tx,
    id: Uuid,
    account: Option<AccountId>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("sign_in/answer_request"), id, account.map(|a| a.0), Time(at))? == 1)
}

/// Forgets the links that were made for an account.
pub async fn delete_links_of(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    execute!(tx, sql!("sign_in/delete_links_of"), account.0)
}
