//! User groups and their members.

use std::collections::{HashMap, HashSet};

use orglink_domain::id::{AccountId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::UserGroup;
use uuid::Uuid;

use super::pairs;
use crate::row::{joined, split, word};
use crate::{StoreError, Tx};

/// A group with its members.
#[derive(Debug, Clone)]
pub struct GroupState {
    pub workspace_id: WorkspaceId,
    pub group: UserGroup,
    /// Sorted.
    pub members: Vec<AccountId>,
}

/// Groups by workspace and folded slug.
pub type GroupsByKey = HashMap<(WorkspaceId, String), GroupState>;

/// The groups (without members) of these keys that exist.
pub async fn find_groups(tx: &mut Tx, keys: &[(WorkspaceId, String)]) -> Result<GroupsByKey, StoreError> {
    type Row = (Uuid, String, String, bool, String, String, bool, Uuid);
    let pairs = pairs(keys);
    let rows = fetch_by_pairs!(
        tx,
        Row,
        "SELECT g.id, g.slug, g.name, g.is_admin, g.repository_permission, g.workspace_permissions, g.is_default, g.workspace_id FROM ",
        pairs,
        "JOIN user_group g ON g.workspace_id = k.column1 AND g.slug_folded = k.column2"
    );
    let mut found = HashMap::new();
    for (id, slug, name, is_admin, permission, permissions, is_default, workspace) in rows {
        let key = (WorkspaceId(workspace), fold(&slug));
        let group = UserGroup {
            id: UserGroupId(id),
            slug,
            name,
            is_admin,
            repository_permission: word(&permission, "user_group", "repository_permission", id)?,
            workspace_permissions: split(&permissions),
            is_default,
        };
        found.insert(key, GroupState { workspace_id: WorkspaceId(workspace), group, members: vec![] });
    }
    Ok(found)
}

/// Fills in the members of groups.
pub async fn add_members_to(tx: &mut Tx, groups: &mut GroupsByKey) -> Result<(), StoreError> {
    let by_id: HashMap<Uuid, (WorkspaceId, String)> =
        groups.iter().map(|(key, state)| (state.group.id.0, key.clone())).collect();
    let ids: Vec<Uuid> = by_id.keys().copied().collect();
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT user_group_id, account_id FROM user_group_member WHERE user_group_id",
        ids,
        |id| *id,
        ""
    );
    for (group, account) in rows {
        if let Some(state) = by_id.get(&group).and_then(|key| groups.get_mut(key)) {
            state.members.push(AccountId(account));
        }
    }
    for state in groups.values_mut() {
        state.members.sort_unstable();
    }
    Ok(())
}

/// Those of these groups whose members an organization's directory says.
pub async fn find_attached(tx: &mut Tx, groups: &GroupsByKey) -> Result<HashSet<UserGroupId>, StoreError> {
    let ids: Vec<Uuid> = groups.values().map(|state| state.group.id.0).collect();
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT id, directory_group_id FROM user_group WHERE directory_group_id IS NOT NULL AND id",
        ids,
        |id| *id,
        ""
    );
    Ok(rows.into_iter().map(|(id, _)| UserGroupId(id)).collect())
}

pub async fn create_groups(tx: &mut Tx, groups: &[GroupState]) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "user_group (id, workspace_id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default)",
        groups,
        |b, row| {
            let g = &row.group;
            b.push_bind(g.id.0)
                .push_bind(row.workspace_id.0)
                .push_bind(g.slug.as_str())
                .push_bind(fold(&g.slug))
                .push_bind(g.name.as_str())
                .push_bind(g.is_admin)
                .push_bind(g.repository_permission.as_str())
                .push_bind(joined(g.workspace_permissions.iter().map(String::as_str)))
                .push_bind(g.is_default);
        }
    );
    Ok(())
}

pub async fn change_group(tx: &mut Tx, workspace: WorkspaceId, g: &UserGroup) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("import/change_group"),
        g.id.0,
        workspace.0,
        &g.name,
        g.is_admin,
        g.repository_permission.as_str(),
        joined(g.workspace_permissions.iter().map(String::as_str)),
        g.is_default,
    )?;
    Ok(())
}

pub async fn add_members(tx: &mut Tx, members: &[(UserGroupId, AccountId, WorkspaceId)]) -> Result<(), StoreError> {
    insert_all!(tx, "user_group_member (user_group_id, account_id, workspace_id)", members, |b, row| {
        b.push_bind(row.0.0).push_bind(row.1.0).push_bind(row.2.0);
    });
    Ok(())
}

/// Takes members out of a group; how many were in it.
pub async fn remove_members(tx: &mut Tx, group: UserGroupId, members: &[AccountId]) -> Result<u64, StoreError> {
    let mut removed = 0;
    for account in members {
        removed += execute!(tx, sql!("import/remove_member"), group.0, account.0)?;
    }
    Ok(removed)
}
