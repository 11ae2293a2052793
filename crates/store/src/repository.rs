//! Repositories of a workspace and who was given what on them.

use std::collections::HashMap;

use orglink_domain::id::{AccountId, RepositoryId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::{Permission, Repository};
use uuid::Uuid;

use crate::row::{can_be_stored, containing, word};
use crate::{StoreError, Tx};

type RepositoryRow = (Uuid, String, String, Option<String>);

fn from_row((id, slug, name, project): RepositoryRow) -> Repository {
    Repository { id: RepositoryId(id), slug, name, project }
}

/// The repositories of a workspace whose slug contains a text, after a folded slug.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: &str,
    limit: i64,
    text: &str,
) -> Result<Vec<Repository>, StoreError> {
    let rows = fetch_all!(tx, sql!("repository/list"), RepositoryRow, workspace.0, after, limit, containing(text))?;
    Ok(rows.into_iter().map(from_row).collect())
}

pub async fn find(tx: &mut Tx, workspace: WorkspaceId, slug: &str) -> Result<Option<Repository>, StoreError> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    Ok(fetch_optional!(tx, sql!("repository/find"), RepositoryRow, workspace.0, fold(slug))?.map(from_row))
}

/// What groups were given on a repository.
pub async fn list_group_grants(tx: &mut Tx, id: RepositoryId) -> Result<HashMap<UserGroupId, Permission>, StoreError> {
    let rows = fetch_all!(tx, sql!("repository/list_group_grants"), (Uuid, String), id.0)?;
    rows.into_iter()
        .map(|(group, p)| Ok((UserGroupId(group), word(&p, "repository_group_grant", "permission", id)?)))
        .collect()
}

/// What accounts were given directly, of those whose folded address lies between two (both included).
pub async fn list_account_grants(
    tx: &mut Tx,
    id: RepositoryId,
    (first, last): (&str, &str),
) -> Result<HashMap<AccountId, Permission>, StoreError> {
    let rows = fetch_all!(tx, sql!("repository/list_account_grants"), (Uuid, String), id.0, first, last)?;
    rows.into_iter()
        .map(|(account, p)| Ok((AccountId(account), word(&p, "repository_account_grant", "permission", id)?)))
        .collect()
}

/// Gives a group this permission, or takes back what it was given.
pub async fn change_group_grant(
    tx: &mut Tx,
    id: RepositoryId,
    group: UserGroupId,
    permission: Option<Permission>,
) -> Result<(), StoreError> {
    match permission {
        Some(p) => execute!(tx, sql!("repository/save_group_grant"), id.0, group.0, p.as_str())?,
        None => execute!(tx, sql!("repository/delete_group_grant"), id.0, group.0)?,
    };
    Ok(())
}

/// Gives an account this permission directly, or takes back what it was given.
pub async fn change_account_grant(
    tx: &mut Tx,
    (workspace, id): (WorkspaceId, RepositoryId),
    account: AccountId,
    permission: Option<Permission>,
) -> Result<(), StoreError> {
    match permission {
        Some(p) => execute!(tx, sql!("repository/save_account_grant"), id.0, account.0, workspace.0, p.as_str())?,
        None => execute!(tx, sql!("repository/delete_account_grant"), id.0, account.0)?,
    };
    Ok(())
}
