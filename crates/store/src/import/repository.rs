//! Repositories and their grants.

use std::collections::HashMap;

use orglink_domain::id::{AccountId, RepositoryId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::Permission;
use uuid::Uuid;

use super::pairs;
use crate::row::word;
use crate::{StoreError, Tx};

/// A repository with its grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryState {
    pub id: RepositoryId,
    pub workspace_id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub project: Option<String>,
    /// Sorted.
    pub group_grants: Vec<(UserGroupId, Permission)>,
    /// Sorted.
    pub account_grants: Vec<(AccountId, Permission)>,
}

/// The repositories of these keys that exist, with their grants.
pub async fn find_repositories(
    tx: &mut Tx,
    keys: &[(WorkspaceId, String)],
) -> Result<HashMap<(WorkspaceId, String), RepositoryState>, StoreError> {
    type Row = (Uuid, Uuid, String, String, Option<String>);
    let mut found: HashMap<Uuid, RepositoryState> = HashMap::new();
    let pairs = pairs(keys);
    let rows = fetch_by_pairs!(
        tx,
        Row,
        "SELECT r.id, r.workspace_id, r.slug, r.name, r.project FROM ",
        pairs,
        "JOIN repository r ON r.workspace_id = k.column1 AND r.slug_folded = k.column2"
    );
    for (id, workspace, slug, name, project) in rows {
        let state = RepositoryState {
            id: RepositoryId(id),
            workspace_id: WorkspaceId(workspace),
            slug,
            name,
            project,
            group_grants: vec![],
            account_grants: vec![],
        };
        found.insert(id, state);
    }
    let ids: Vec<Uuid> = found.keys().copied().collect();
    let groups = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT repository_id, user_group_id, permission FROM repository_group_grant WHERE repository_id",
        ids,
        |id| *id,
        ""
    );
    for (id, group, permission) in groups {
        if let Some(state) = found.get_mut(&id) {
            let permission = word(&permission, "repository_group_grant", "permission", id)?;
            state.group_grants.push((UserGroupId(group), permission));
        }
    }
    let accounts = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT repository_id, account_id, permission FROM repository_account_grant WHERE repository_id",
        ids,
        |id| *id,
        ""
    );
    for (id, account, permission) in accounts {
        if let Some(state) = found.get_mut(&id) {
            let permission = word(&permission, "repository_account_grant", "permission", id)?;
            state.account_grants.push((AccountId(account), permission));
        }
    }
    Ok(found
        .into_values()
        .map(|mut state| {
            state.group_grants.sort_unstable();
            state.account_grants.sort_unstable();
            ((state.workspace_id, fold(&state.slug)), state)
        })
        .collect())
}

/// Keeps repositories; those that exist are changed, and their grants made exactly these.
pub async fn save_repositories(
    tx: &mut Tx,
    created: &[RepositoryState],
    changed: &[RepositoryState],
) -> Result<(), StoreError> {
    insert_all!(tx, "repository (id, workspace_id, slug, slug_folded, name, project)", created, |b, r| {
        b.push_bind(r.id.0)
            .push_bind(r.workspace_id.0)
            .push_bind(r.slug.as_str())
            .push_bind(fold(&r.slug))
            .push_bind(r.name.as_str())
            .push_bind(r.project.as_deref());
    });
    for r in changed {
        execute!(tx, sql!("import/change_repository"), r.id.0, &r.name, r.project.as_deref())?;
        execute!(tx, sql!("import/delete_repository_group_grants"), r.id.0)?;
        execute!(tx, sql!("import/delete_repository_account_grants"), r.id.0)?;
    }
    let all = || created.iter().chain(changed);
    let groups: Vec<(Uuid, Uuid, Permission)> =
        all().flat_map(|r| r.group_grants.iter().map(|(g, p)| (r.id.0, g.0, *p))).collect();
    insert_all!(tx, "repository_group_grant (repository_id, user_group_id, permission)", groups, |b, row| {
        b.push_bind(row.0).push_bind(row.1).push_bind(row.2.as_str());
    });
    let accounts: Vec<(Uuid, Uuid, Uuid, Permission)> =
        all().flat_map(|r| r.account_grants.iter().map(|(a, p)| (r.id.0, a.0, r.workspace_id.0, *p))).collect();
    insert_all!(
        tx,
        "repository_account_grant (repository_id, account_id, workspace_id, permission)",
        accounts,
        |b, row| {
            b.push_bind(row.0).push_bind(row.1).push_bind(row.2).push_bind(row.3.as_str());
        }
    );
    Ok(())
}
