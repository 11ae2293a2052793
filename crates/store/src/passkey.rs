//! Passkeys, and the ceremonies in which one is made or used.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, PasskeyId};
use uuid::Uuid;

use crate::row::Time;
use crate::{StoreError, Tx};

/// A passkey as its owner sees it, with what its signatures are checked against.
#[derive(Debug, Clone)]
pub struct Passkey {
    pub id: PasskeyId,
    pub account_id: AccountId,
    pub name: String,
    /// As JSON.
    pub credential: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

type Row = (Uuid, Uuid, String, String, Time, Option<Time>);

fn from_row((id, account, name, credential, created_at, last_used_at): Row) -> Passkey {
    Passkey {
        id: PasskeyId(id),
        account_id: AccountId(account),
        name,
        credential,
        created_at: created_at.0,
        last_used_at: last_used_at.map(|at| at.0),
    }
}

/// Keeps a new one; false when a device has shown this one already.
pub async fn create(tx: &mut Tx, passkey: &Passkey, credential_id: &[u8]) -> Result<bool, StoreError> {
    let Passkey { id, account_id, name, credential, created_at, .. } = passkey;
    let values = (id.0, account_id.0);
    let written = execute!(
        tx,
        sql!("passkey/create"),
        values.0,
        values.1,
        credential_id,
        credential.as_str(),
        name.as_str(),
        Time(*created_at),
    )?;
    Ok(written == 1)
}

/// The passkeys of an account, oldest first.
pub async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
    Ok(fetch_all!(tx, sql!("passkey/list"), Row, account.0)?.into_iter().map(from_row).collect())
}

pub async fn find_by_credential(tx: &mut Tx, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
    Ok(fetch_optional!(tx, sql!("passkey/find_by_credential"), Row, credential_id)?.map(from_row))
}

/// It was used: what its next signature is checked against. Only if nobody used it meanwhile.
pub async fn change_used(tx: &mut Tx, before: &Passkey, credential: &str, at: Timestamp) -> Result<bool, StoreError> {
    let before_text = before.credential.as_str();
    Ok(execute!(tx, sql!("passkey/change_used"), before.id.0, before_text, credential, Time(at))? == 1)
}

pub async fn rename(tx: &mut Tx, account: AccountId, id: PasskeyId, name: &str) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("passkey/rename"), id.0, account.0, name)? == 1)
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: PasskeyId) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("passkey/delete"), id.0, account.0)? == 1)
}

/// A question that a device has not yet answered.
#[derive(Debug, Clone)]
pub struct Ceremony {
    pub id: Uuid,
    /// Whose passkey is made or asked for; nobody's yet when somebody signs in.
    pub account_id: Option<AccountId>,
    pub is_registration: bool,
    /// As JSON.
    pub state: String,
    pub expires_at: Timestamp,
}

pub async fn create_ceremony(tx: &mut Tx, ceremony: &Ceremony) -> Result<(), StoreError> {
    let Ceremony { id, account_id, is_registration, state, expires_at } = ceremony;
    let account = account_id.map(|a| a.0);
    execute!(tx, sql!("passkey/create_ceremony"), *id, account, *is_registration, state.as_str(), Time(*expires_at))?;
    Ok(())
}

pub async fn find_ceremony(tx: &mut Tx, id: Uuid) -> Result<Option<Ceremony>, StoreError> {
    type Row = (Option<Uuid>, bool, String, Time);
    let row = fetch_optional!(tx, sql!("passkey/find_ceremony"), Row, id)?;
    Ok(row.map(|(account, is_registration, state, expires_at)| Ceremony {
        id,
        account_id: account.map(AccountId),
        is_registration,
        state,
        expires_at: expires_at.0,
    }))
}

/// Uses a question up; false when somebody else did.
pub async fn delete_ceremony(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("passkey/delete_ceremony"), id)? == 1)
}
