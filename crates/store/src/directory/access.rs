//! Who can do what in workspaces, and who is in the groups of a directory: read whole, for the proof of a migration.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use orglink_domain::id::{AccountId, DirectoryGroupId, OrganizationId, RepositoryId, WorkspaceId};
use orglink_domain::user_management::{DirectoryEntry, GroupAccess, PlaceAccess};
use uuid::Uuid;

use super::{Row, from_row};
use crate::row::word;
use crate::{StoreError, Tx, user_group};

type GroupRow = (Uuid, Uuid, String, String, bool, String, String, bool, Option<Uuid>);

/// Everything that says who can do what in a workspace.
pub async fn find_access(tx: &mut Tx, workspace: WorkspaceId, slug: &str) -> Result<PlaceAccess, StoreError> {
    let found = list_access(tx, &[(workspace, slug)]).await?.pop();
    found.ok_or_else(|| StoreError::inconsistent("workspace", "id", workspace))
}

/// The same of many, in the order in which they are named.
pub async fn list_access(tx: &mut Tx, of: &[(WorkspaceId, &str)]) -> Result<Vec<PlaceAccess>, StoreError> {
    let mut places: Vec<PlaceAccess> = of.iter().map(|(id, slug)| empty(*id, slug)).collect();
    let at: HashMap<Uuid, usize> = of.iter().enumerate().map(|(place, (id, _))| (id.0, place)).collect();
    // Where each group stands: its workspace, and the place among its groups.
    let mut groups: HashMap<Uuid, (usize, usize)> = HashMap::new();
    let rows = fetch_by_keys!(
        tx,
        GroupRow,
        "SELECT workspace_id, id, slug, name, is_admin, repository_permission, workspace_permissions, is_default, directory_group_id FROM user_group WHERE workspace_id",
        of,
        |key| key.0.0,
        "ORDER BY slug_folded"
    );
    for (workspace, id, slug, name, is_admin, permission, permissions, is_default, directory) in rows {
        let group = user_group::from_row((id, slug, name, is_admin, permission, permissions, is_default))?;
        let directory = directory.map(DirectoryGroupId);
        let Some((place, access)) = at.get(&workspace).and_then(|p| Some((*p, places.get_mut(*p)?))) else { continue };
        groups.insert(id, (place, access.groups.len()));
        access.groups.push(GroupAccess { group, members: BTreeSet::new(), grants: BTreeMap::new(), directory });
    }
    let members = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT user_group_id, account_id FROM user_group_member WHERE workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    for (group, account) in members {
        if let Some(access) = group_of(&mut places, &groups, group) {
            access.members.insert(AccountId(account));
        }
    }
    let grants = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT x.user_group_id, x.repository_id, x.permission FROM repository r JOIN repository_group_grant x ON x.repository_id = r.id WHERE r.workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    for (group, repository, permission) in grants {
        let permission = word(&permission, "repository_group_grant", "permission", repository)?;
        if let Some(access) = group_of(&mut places, &groups, group) {
            access.grants.insert(RepositoryId(repository), permission);
        }
    }
    let direct = fetch_by_keys!(
        tx,
        (Uuid, Uuid, Uuid, String),
        "SELECT workspace_id, account_id, repository_id, permission FROM repository_account_grant WHERE workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    for (workspace, account, repository, permission) in direct {
        let permission = word(&permission, "repository_account_grant", "permission", repository)?;
        if let Some(access) = at.get(&workspace).and_then(|place| places.get_mut(*place)) {
            access.direct.entry(AccountId(account)).or_default().insert(RepositoryId(repository), permission);
        }
    }
    let repositories = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT workspace_id, id, slug FROM repository WHERE workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    for (workspace, id, slug) in repositories {
        if let Some(access) = at.get(&workspace).and_then(|place| places.get_mut(*place)) {
            access.repositories.insert(RepositoryId(id), slug);
        }
    }
    Ok(places)
}

fn empty(workspace: WorkspaceId, slug: &str) -> PlaceAccess {
    let (groups, repositories, direct) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    PlaceAccess { workspace, slug: slug.to_owned(), groups, repositories, direct }
}

fn group_of<'a>(
    places: &'a mut [PlaceAccess],
    groups: &HashMap<Uuid, (usize, usize)>,
    id: Uuid,
) -> Option<&'a mut GroupAccess> {
    let (place, group) = groups.get(&id)?;
    places.get_mut(*place)?.groups.get_mut(*group)
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

/// Which of these folded slugs directories have, each by its organization.
pub async fn find_taken_slugs(
    tx: &mut Tx,
    wanted: &[(OrganizationId, String)],
) -> Result<Vec<(OrganizationId, String)>, StoreError> {
    let keys: Vec<(Uuid, &str)> = wanted.iter().map(|(id, slug)| (id.0, slug.as_str())).collect();
    let rows = fetch_by_pairs!(
        tx,
        (Uuid, String),
        "SELECT d.organization_id, d.slug_folded FROM ",
        keys,
        "JOIN directory_group d ON d.organization_id = k.column1 AND d.slug_folded = k.column2 AND d.site_id IS NULL"
    );
    Ok(rows.into_iter().map(|(id, slug)| (OrganizationId(id), slug)).collect())
}

/// All folded slugs of a directory.
pub async fn list_slugs(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<String>, StoreError> {
    let rows = fetch_all!(tx, sql!("directory/list_all"), Row, organization.0)?;
    Ok(rows.into_iter().map(|(_, slug, _)| orglink_domain::name::fold(&slug)).collect())
}

/// Who manages the directories of organizations.
pub async fn list_managers_of(
    tx: &mut Tx,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, BTreeSet<AccountId>>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT organization_id, account_id FROM organization_role WHERE role IN ('admin', 'user_access_admin') AND organization_id",
        ids,
        |id| id.0,
        ""
    );
    let mut found: HashMap<OrganizationId, BTreeSet<AccountId>> = HashMap::new();
    for (organization, account) in rows {
        found.entry(OrganizationId(organization)).or_default().insert(AccountId(account));
    }
    Ok(found)
}
