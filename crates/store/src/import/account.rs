//! Accounts, many at a time.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::account::AccountRow;
use crate::row::Time;
use crate::{StoreError, Tx};

/// The accounts of these folded addresses that exist.
pub async fn find_accounts(tx: &mut Tx, emails: &[String]) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        AccountRow,
        "SELECT id, email, name, is_verified, is_robot, is_operator, is_suspended FROM account WHERE email_folded",
        emails,
        |email| email.as_str(),
        ""
    );
    Ok(rows.into_iter().map(crate::account::from_row).collect())
}

/// The ids of these folded addresses that exist.
pub async fn find_account_ids(tx: &mut Tx, emails: &[String]) -> Result<Vec<(String, AccountId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (String, Uuid),
        "SELECT email_folded, id FROM account WHERE email_folded",
        emails,
        |email| email.as_str(),
        ""
    );
    Ok(rows.into_iter().map(|(email, id)| (email, AccountId(id))).collect())
}

pub async fn create_accounts(tx: &mut Tx, accounts: &[Account], at: Timestamp) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "account (id, email, email_folded, name, is_verified, is_robot, is_operator, created_at)",
        accounts,
        |b, a| {
            b.push_bind(a.id.0)
                .push_bind(a.email.as_str())
                .push_bind(fold(&a.email))
                .push_bind(a.name.as_str())
                .push_bind(a.is_verified)
                .push_bind(a.is_robot)
                .push_bind(a.is_operator)
                .push_bind(Time(at));
        }
    );
    Ok(())
}

pub async fn change_account(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    let Account { id, name, is_verified, is_robot, .. } = account;
    execute!(tx, sql!("import/change_account"), id.0, name, *is_verified, *is_robot)?;
    Ok(())
}

/// The workspaces that these accounts administer: their eligibility may depend on them.
pub async fn list_administered_by(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<WorkspaceId>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid,),
        "SELECT DISTINCT m.workspace_id FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id WHERE g.is_admin AND m.account_id",
        accounts,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}
