//! Accounts and their password hashes.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, can_be_stored, containing};
use crate::{StoreError, Tx};

pub(crate) type AccountRow = (Uuid, String, String, bool, bool, bool, bool);

pub(crate) fn from_row((id, email, name, is_verified, is_robot, is_operator, is_suspended): AccountRow) -> Account {
    Account { id: AccountId(id), email, name, is_verified, is_robot, is_operator, is_suspended }
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
    let rows = fetch_by_keys!(
        tx,
        AccountRow,
        "SELECT id, email, name, is_verified, is_robot, is_operator, is_suspended FROM account WHERE id",
        ids,
        |id| id.0,
        ""
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

/// The facts of an account that only its owner and the operator see.
#[derive(Debug, Clone)]
pub struct Details {
    pub has_password: bool,
    /// By its IANA name; UTC when there is none.
    pub time_zone: Option<String>,
    pub created_at: Timestamp,
}

pub async fn find_details(tx: &mut Tx, id: AccountId) -> Result<Option<Details>, StoreError> {
    type Row = (Option<String>, Option<String>, Time);
    let row = fetch_optional!(tx, sql!("account/find_details"), Row, id.0)?;
    Ok(row.map(|(password, time_zone, created_at)| Details {
        has_password: password.is_some(),
        time_zone,
        created_at: created_at.0,
    }))
}

pub async fn change_profile(tx: &mut Tx, id: AccountId, name: &str, zone: Option<&str>) -> Result<(), StoreError> {
    execute!(tx, sql!("account/change_profile"), id.0, name, zone)?;
    Ok(())
}

/// Gives an account a proven address; false when it is another's.
pub async fn change_email(tx: &mut Tx, id: AccountId, email: &str) -> Result<bool, StoreError> {
    let is_taken = find_by_email(tx, email).await?.is_some_and(|other| other.id != id);
    Ok(!is_taken && execute!(tx, sql!("account/change_email"), id.0, email, fold(email))? == 1)
}

/// Its address is proven to be its own.
pub async fn verify(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("account/verify"), id.0)?;
    Ok(())
}

pub async fn change_suspension(tx: &mut Tx, id: AccountId, is_suspended: bool) -> Result<(), StoreError> {
    execute!(tx, sql!("account/change_suspension"), id.0, is_suspended)?;
    Ok(())
}

/// Accounts after a folded address whose address contains a text; not those that have left.
pub async fn list(tx: &mut Tx, after: &str, text: &str, limit: i64) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_all!(tx, sql!("account/list"), AccountRow, after, limit, containing(text))?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// An address that somebody wants to have proven.
#[derive(Debug, Clone)]
pub struct AddressChange {
    pub id: Uuid,
    pub account_id: AccountId,
    pub email: String,
}

/// The address that somebody wants, until it is proven.
pub async fn find_address_change(tx: &mut Tx, id: AccountId) -> Result<Option<AddressChange>, StoreError> {
    let row = fetch_optional!(tx, sql!("account/find_address_change"), (Uuid, String), id.0)?;
    Ok(row.map(|(change, email)| AddressChange { id: change, account_id: id, email }))
}

/// The same by its own id, which a proof names.
pub async fn find_address_change_by_id(tx: &mut Tx, id: Uuid) -> Result<Option<AddressChange>, StoreError> {
    let row = fetch_optional!(tx, sql!("account/find_address_change_by_id"), (Uuid, String), id)?;
    Ok(row.map(|(account, email)| AddressChange { id, account_id: AccountId(account), email }))
}

/// Keeps it in place of the one before, whose proofs are worth nothing any more.
pub async fn save_address_change(tx: &mut Tx, change: &AddressChange, at: Timestamp) -> Result<(), StoreError> {
    let AddressChange { id, account_id, email } = change;
    execute!(tx, sql!("account/delete_address_change"), account_id.0)?;
    execute!(tx, sql!("account/create_address_change"), *id, account_id.0, email.as_str(), Time(at))?;
    Ok(())
}

pub async fn delete_address_change(tx: &mut Tx, id: AccountId) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("account/delete_address_change"), id.0)? == 1)
}

/// Takes everything personal from an account and keeps its row, for the links and events that name its id. What it is
/// in workspaces and organizations has been taken before.
pub async fn erase(tx: &mut Tx, account: &Account, at: Timestamp) -> Result<(), StoreError> {
    let id = account.id.0;
    for statement in [
        sql!("account/erase_watches"),
        sql!("account/erase_sessions"),
        sql!("account/erase_links"),
        sql!("account/erase_tokens"),
        sql!("account/erase_answers"),
        sql!("account/erase_passkeys"),
        sql!("account/erase_ceremonies"),
        sql!("account/erase_recovery_codes"),
        sql!("account/erase_places"),
        sql!("account/erase_address_change"),
        sql!("account/erase_notifications"),
        sql!("account/erase_preferences"),
        sql!("account/erase_access_requests"),
        sql!("account/erase_proposals"),
        sql!("account/erase_consents"),
        sql!("account/erase_offers"),
        sql!("account/erase_followed"),
    ] {
        execute!(tx, statement, id)?;
    }
    for statement in
        [sql!("account/erase_requests"), sql!("account/erase_secrets"), sql!("account/erase_billing_requests")]
    {
        execute!(tx, statement, id, fold(&account.email))?;
    }
    execute!(tx, sql!("account/erase_invitations"), fold(&account.email))?;
    execute!(tx, sql!("account/erase_payers"), fold(&account.email))?;
    execute!(tx, sql!("account/erase_mails"), id, &account.email)?;
    execute!(tx, sql!("account/erase"), id, format!("former:{id}"), Time(at))?;
    Ok(())
}

/// Takes an address out of what others were told of it: entries of inboxes and mails, where it stands as a whole text
/// of its own.
pub async fn erase_address_elsewhere(tx: &mut Tx, address: &str) -> Result<(), StoreError> {
    let (there, instead) = (format!("\"{address}\""), "\"a former address\"");
    for statement in [sql!("account/erase_address_in_notifications"), sql!("account/erase_address_in_mails")] {
        execute!(tx, statement, there.as_str(), instead)?;
    }
    Ok(())
}

/// Which workspaces name an account as a contact.
pub async fn list_contact_of(tx: &mut Tx, id: AccountId) -> Result<Vec<WorkspaceId>, StoreError> {
    let rows = fetch_all!(tx, sql!("account/list_contact_of"), (Uuid,), id.0)?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// The billing accounts that nobody else administers, by name.
pub async fn list_last_billing(tx: &mut Tx, id: AccountId) -> Result<Vec<String>, StoreError> {
    let rows = fetch_all!(tx, sql!("account/list_last_billing"), (String,), id.0)?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Of how many workspaces it is the reseller, and of how many billing accounts the payer.
pub async fn count_paid_by(tx: &mut Tx, id: AccountId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("account/count_paid_by"), (i64,), id.0)?.0)
}

/// Takes it out of the admins of billing accounts.
pub async fn remove_billing(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("account/raise_billing_accounts"), id.0)?;
    execute!(tx, sql!("account/erase_billing"), id.0)?;
    Ok(())
}

/// Takes an account from a workspace's contacts.
pub async fn remove_contact(tx: &mut Tx, workspace: WorkspaceId, id: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("account/remove_contact"), workspace.0, id.0)?;
    Ok(())
}

/// Takes every role that an account holds in an organization, on its sites and their apps.
pub async fn remove_roles(tx: &mut Tx, organization: OrganizationId, id: AccountId) -> Result<(), StoreError> {
    for statement in [sql!("account/remove_roles"), sql!("account/remove_site_roles"), sql!("account/remove_app_roles")]
    {
        execute!(tx, statement, organization.0, id.0)?;
    }
    Ok(())
}

/// How many tokens that have not ended, and sessions, an account has.
pub async fn count_what_it_holds(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(i64, i64), StoreError> {
    fetch_one!(tx, sql!("account/count_what_it_holds"), (i64, i64), id.0, Time(now))
}
