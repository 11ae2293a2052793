//! User groups of a workspace and their members.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::id::{AccountId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::UserGroup;
use uuid::Uuid;

use crate::account::{AccountRow, from_row as account_from_row};
use crate::row::{can_be_stored, split, word};
use crate::{StoreError, Tx};

pub(crate) type UserGroupRow = (Uuid, String, String, bool, String, String, bool);

pub(crate) fn from_row(row: UserGroupRow) -> Result<UserGroup, StoreError> {
    let (id, slug, name, is_admin, permission, workspace_permissions, is_default) = row;
    Ok(UserGroup {
        id: UserGroupId(id),
        slug,
        name,
        is_admin,
        repository_permission: word(&permission, "user_group", "repository_permission", id)?,
        workspace_permissions: split(&workspace_permissions),
        is_default,
    })
}

/// All groups of a workspace, by slug.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<UserGroup>, StoreError> {
    fetch_all!(tx, sql!("user_group/list"), UserGroupRow, workspace.0)?.into_iter().map(from_row).collect()
}

/// How many members each group of a workspace has; a group without any is missing.
pub async fn count_members(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashMap<UserGroupId, i64>, StoreError> {
    let rows = fetch_all!(tx, sql!("user_group/count_members"), (Uuid, i64), workspace.0)?;
    Ok(rows.into_iter().map(|(id, count)| (UserGroupId(id), count)).collect())
}

pub async fn find(tx: &mut Tx, workspace: WorkspaceId, slug: &str) -> Result<Option<UserGroup>, StoreError> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("user_group/find"), UserGroupRow, workspace.0, fold(slug))?.map(from_row).transpose()
}

/// Members of a group, after a folded address.
pub async fn list_members(
    tx: &mut Tx,
    workspace: WorkspaceId,
    group: UserGroupId,
    after: &str,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_all!(tx, sql!("user_group/list_members"), AccountRow, group.0, workspace.0, after, limit)?;
    Ok(rows.into_iter().map(account_from_row).collect())
}

/// All groups of a workspace, by slug, those that administer it with their members.
pub async fn list_with_admins(
    tx: &mut Tx,
    workspace: WorkspaceId,
) -> Result<Vec<(UserGroup, Vec<AccountId>)>, StoreError> {
    type Row = (Uuid, String, String, bool, String, String, bool, Option<Uuid>);
    let mut groups: Vec<(UserGroup, Vec<AccountId>)> = Vec::new();
    for (a, b, c, d, e, f, g, member) in fetch_all!(tx, sql!("user_group/list_with_admins"), Row, workspace.0)? {
        if groups.last().is_none_or(|(group, _)| group.id.0 != a) {
            groups.push((from_row((a, b, c, d, e, f, g))?, Vec::new()));
        }
        if let Some((_, members)) = groups.last_mut() {
            members.extend(member.map(AccountId));
        }
    }
    Ok(groups)
}

/// Deletes a group with its memberships and what it was given on repositories.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: UserGroupId) -> Result<(), StoreError> {
    execute!(tx, sql!("user_group/delete"), id.0, workspace.0)?;
    Ok(())
}

/// Makes this the only group that new members land in.
pub async fn clear_other_defaults(tx: &mut Tx, workspace: WorkspaceId, id: UserGroupId) -> Result<(), StoreError> {
    execute!(tx, sql!("user_group/clear_default"), workspace.0, id.0)?;
    Ok(())
}

/// Adds a member; false when they are one already.
pub async fn add_member(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UserGroupId,
    account: AccountId,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("user_group/add_member"), id.0, account.0, workspace.0)? == 1)
}

/// Those of the people with these folded addresses who are in a group.
pub async fn list_members_by_address(
    tx: &mut Tx,
    id: UserGroupId,
    emails: &[String],
) -> Result<Vec<Account>, StoreError> {
    let keys: Vec<(Uuid, &str)> =
        emails.iter().map(String::as_str).filter(|e| can_be_stored(e)).map(|e| (id.0, e)).collect();
    let rows = fetch_by_pairs!(
        tx,
        AccountRow,
        "SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended FROM ",
        keys,
        "JOIN account a ON a.email_folded = k.column2 JOIN user_group_member m ON m.user_group_id = k.column1 AND m.account_id = a.id"
    );
    Ok(rows.into_iter().map(account_from_row).collect())
}
