//! Who can do what in a workspace, and who is in the groups of a directory: read whole, for the proof of a migration.

use std::collections::{BTreeMap, BTreeSet};

use orglink_domain::id::{AccountId, DirectoryGroupId, OrganizationId, RepositoryId, WorkspaceId};
use orglink_domain::user_management::{DirectoryEntry, GroupAccess, PlaceAccess};
use uuid::Uuid;

use super::{Row, from_row};
use crate::row::word;
use crate::{StoreError, Tx, user_group};

type Grant = (Uuid, Uuid, String);

/// Everything that says who can do what in a workspace.
pub async fn find_access(tx: &mut Tx, workspace: WorkspaceId, slug: &str) -> Result<PlaceAccess, StoreError> {
    let mut members: BTreeMap<Uuid, BTreeSet<AccountId>> = BTreeMap::new();
    for (group, account) in fetch_all!(tx, sql!("directory/list_access_members"), (Uuid, Uuid), workspace.0)? {
        members.entry(group).or_default().insert(AccountId(account));
    }
    let mut grants: BTreeMap<Uuid, BTreeMap<RepositoryId, _>> = BTreeMap::new();
    for (group, repository, permission) in
        fetch_all!(tx, sql!("directory/list_access_group_grants"), Grant, workspace.0)?
    {
        let permission = word(&permission, "repository_group_grant", "permission", repository)?;
        grants.entry(group).or_default().insert(RepositoryId(repository), permission);
    }
    let mut direct: BTreeMap<AccountId, BTreeMap<RepositoryId, _>> = BTreeMap::new();
    for (account, repository, permission) in
        fetch_all!(tx, sql!("directory/list_access_account_grants"), Grant, workspace.0)?
    {
        let permission = word(&permission, "repository_account_grant", "permission", repository)?;
        direct.entry(AccountId(account)).or_default().insert(RepositoryId(repository), permission);
    }
    let attached = super::list_of_workspace(tx, workspace).await?;
    let groups = user_group::list(tx, workspace).await?.into_iter().map(|group| GroupAccess {
        members: members.remove(&group.id.0).unwrap_or_default(),
        grants: grants.remove(&group.id.0).unwrap_or_default(),
        directory: attached.iter().find(|(id, ..)| *id == group.id).map(|(_, directory, _)| directory.id),
        group,
    });
    let groups = groups.collect();
    let repositories = fetch_all!(tx, sql!("directory/list_access_repositories"), (Uuid, String), workspace.0)?;
    let repositories = repositories.into_iter().map(|(id, slug)| (RepositoryId(id), slug)).collect();
    Ok(PlaceAccess { workspace, slug: slug.to_owned(), groups, repositories, direct })
}

/// The whole directory of an organization, by slug.
pub async fn list_entries(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<DirectoryEntry>, StoreError> {
    let mut members: BTreeMap<DirectoryGroupId, BTreeSet<AccountId>> = BTreeMap::new();
    for (group, account) in fetch_all!(tx, sql!("directory/list_all_members"), (Uuid, Uuid), organization.0)? {
        members.entry(DirectoryGroupId(group)).or_default().insert(AccountId(account));
    }
    let rows = fetch_all!(tx, sql!("directory/list_all"), Row, organization.0)?;
    let entry = |row| {
        let group = from_row(row);
        DirectoryEntry { members: members.remove(&group.id).unwrap_or_default(), group }
    };
    Ok(rows.into_iter().map(entry).collect())
}
