//! Personal access tokens, by the hash of their secret.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, TokenId};
use orglink_domain::token::Scope;
use uuid::Uuid;

use crate::account::from_row as account_from_row;
use crate::row::{Time, joined, split, word};
use crate::{StoreError, Tx};

/// A token as its owner sees it; the secret is known to nobody.
#[derive(Debug, Clone)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Timestamp,
}

fn scopes_of(text: &str, id: Uuid) -> Result<Vec<Scope>, StoreError> {
    split(text).iter().map(|s| word(s, "token", "scopes", id)).collect()
}

pub async fn create(tx: &mut Tx, account: AccountId, token: &Token, secret_hash: &Digest) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("token/create"),
        token.id.0,
        secret_hash.as_bytes().as_slice(),
        account.0,
        &token.name,
        joined(token.scopes.iter().map(|s| s.as_str())),
        Time(token.created_at),
        Time(token.expires_at),
    )?;
    Ok(())
}

/// The token of a secret, with its account as it is now; its end is the caller's to check.
pub async fn find(
    tx: &mut Tx,
    secret_hash: &Digest,
) -> Result<Option<(TokenId, Vec<Scope>, Timestamp, Account)>, StoreError> {
    type Row = (Uuid, String, Time, Uuid, String, String, bool, bool, bool, bool);
    let row = fetch_optional!(tx, sql!("token/find"), Row, secret_hash.as_bytes().as_slice())?;
    row.map(|(id, scopes, expires_at, a, b, c, d, e, f, g)| {
        Ok((TokenId(id), scopes_of(&scopes, id)?, expires_at.0, account_from_row((a, b, c, d, e, f, g))))
    })
    .transpose()
}

pub async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<Token>, StoreError> {
    type Row = (Uuid, String, String, Time, Option<Time>, Time);
    fetch_all!(tx, sql!("token/list"), Row, account.0)?
        .into_iter()
        .map(|(id, name, scopes, created_at, last_used_at, expires_at)| {
            Ok(Token {
                id: TokenId(id),
                name,
                scopes: scopes_of(&scopes, id)?,
                created_at: created_at.0,
                last_used_at: last_used_at.map(|t| t.0),
                expires_at: expires_at.0,
            })
        })
        .collect()
}

/// Ends a token of an account; false when there is none (any more).
pub async fn revoke(tx: &mut Tx, account: AccountId, id: TokenId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("token/revoke"), id.0, account.0, Time(at))? == 1)
}

/// Ends every token of an account; how many.
pub async fn revoke_all(tx: &mut Tx, account: AccountId, at: Timestamp) -> Result<u64, StoreError> {
    execute!(tx, sql!("token/revoke_all"), account.0, Time(at))
}

/// Forgets every token of an account.
pub async fn delete_all(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    execute!(tx, sql!("token/delete_all"), account.0)
}

pub async fn change_used(tx: &mut Tx, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("token/change_used"), id.0, Time(at))?;
    Ok(())
}
