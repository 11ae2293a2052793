//! Accounts and their password hashes.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, can_be_stored};
use crate::{StoreError, Tx};

pub(crate) type AccountRow = (Uuid, String, String, bool, bool, bool);

pub(crate) fn from_row((id, email, name, is_verified, is_robot, is_operator): AccountRow) -> Account {
    Account { id: AccountId(id), email, name, is_verified, is_robot, is_operator }
}

pub async fn find(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
    Ok(fetch_optional!(tx, sql!("account/find"), AccountRow, id.0)?.map(from_row))
}

pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Account>, StoreError> {
    if !can_be_stored(email) {
        return Ok(None);
    }
    Ok(fetch_optional!(tx, sql!("account/find_by_email"), AccountRow, fold(email))?.map(from_row))
}

/// The accounts of these ids that exist, in no order.
pub async fn list_by_ids(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_in!(
        tx,
        AccountRow,
        "SELECT id, email, name, is_verified, is_robot, is_operator FROM account WHERE id IN (",
        ids,
        |id| id.0,
        ")"
    );
    Ok(rows.into_iter().map(from_row).collect())
}

/// The password hash of an account that has one.
pub async fn find_password(tx: &mut Tx, id: AccountId) -> Result<Option<String>, StoreError> {
    Ok(fetch_optional!(tx, sql!("account/find_password"), (Option<String>,), id.0)?.and_then(|(hash,)| hash))
}

/// Keeps a new account; false when the address is taken.
pub async fn create(tx: &mut Tx, account: &Account, at: Timestamp) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("account/create"),
        account.id.0,
        &account.email,
        fold(&account.email),
        &account.name,
        account.is_verified,
        account.is_robot,
        account.is_operator,
        Time(at),
    )?;
    Ok(written == 1)
}

pub async fn change_password(tx: &mut Tx, id: AccountId, hash: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("account/change_password"), id.0, hash)?;
    Ok(())
}

pub async fn make_operator(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("account/make_operator"), id.0)?;
    Ok(())
}

pub async fn count_operators(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("account/count_operators"), (i64,))?.0)
}

/// The operators, by address (at most 500).
pub async fn list_operators(tx: &mut Tx) -> Result<Vec<Account>, StoreError> {
    Ok(fetch_all!(tx, sql!("account/list_operators"), AccountRow)?.into_iter().map(from_row).collect())
}

/// Takes from an account what makes it an operator.
pub async fn end_operator(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("account/end_operator"), id.0)?;
    Ok(())
}
