//! The directory of an organization, or of one of its sites: groups of people, and the groups of workspaces that are attached
//! to them.

mod access;
mod migration;
mod sites;

pub use access::{find_access, find_taken_slugs, list_access, list_entries, list_managers_of, list_slugs};
pub use migration::{MigratedBy, Migration, create_migrations, find_migration};
pub use sites::{count, count_of_site, list_of_all_sites, list_sites, take_from_site};

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, DirectoryGroupId, OrganizationId, SiteId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::user_management::DirectoryGroup;
use uuid::Uuid;

use crate::account::{AccountRow, from_row as account_from_row};
use crate::row::{Time, can_be_stored};
use crate::{StoreError, Tx};

type Row = (Uuid, String, String);

fn from_row((id, slug, name): Row) -> DirectoryGroup {
    DirectoryGroup { id: DirectoryGroupId(id), slug, name }
}

/// Whose directory: an organization's own, or that of one of its sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryId {
    pub organization: OrganizationId,
    pub site: Option<SiteId>,
}

impl From<OrganizationId> for DirectoryId {
    fn from(organization: OrganizationId) -> Self {
        Self { organization, site: None }
    }
}

/// Keeps a new group; false when its slug is taken.
pub async fn create(tx: &mut Tx, of: DirectoryId, new: &DirectoryGroup, at: Timestamp) -> Result<bool, StoreError> {
    let (slug, folded, site) = (new.slug.as_str(), fold(&new.slug), of.site.map(|s| s.0));
    let sql = sql!("directory/create");
    Ok(execute!(tx, sql, new.id.0, of.organization.0, site, slug, folded, &new.name, Time(at))? == 1)
}

/// Keeps new groups whose slugs nobody has.
pub async fn create_all(
    tx: &mut Tx,
    new: &[(OrganizationId, DirectoryGroup)],
    at: Timestamp,
) -> Result<(), StoreError> {
    insert_all!(tx, "directory_group (id, organization_id, slug, slug_folded, name, created_at)", new, |b, row| {
        b.push_bind(row.1.id.0)
            .push_bind(row.0.0)
            .push_bind(row.1.slug.as_str())
            .push_bind(fold(&row.1.slug))
            .push_bind(row.1.name.as_str())
            .push_bind(Time(at));
    });
    Ok(())
}

/// By slug.
pub async fn find(tx: &mut Tx, of: DirectoryId, slug: &str) -> Result<Option<DirectoryGroup>, StoreError> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    let found = match of.site {
        None => fetch_optional!(tx, sql!("directory/find"), Row, of.organization.0, fold(slug))?,
        Some(site) => fetch_optional!(tx, sql!("directory/find_of_site"), Row, site.0, fold(slug))?,
    };
    Ok(found.map(from_row))
}

/// The groups after a folded slug, each with how many are in it, and how many groups of workspaces are attached.
pub async fn list(
    tx: &mut Tx,
    of: DirectoryId,
    after: &str,
    limit: i64,
) -> Result<Vec<(DirectoryGroup, i64, i64)>, StoreError> {
    type Row = (Uuid, String, String, i64, i64);
    let rows = match of.site {
        None => fetch_all!(tx, sql!("directory/list"), Row, of.organization.0, after, limit)?,
        Some(site) => fetch_all!(tx, sql!("directory/list_of_site"), Row, site.0, after, limit)?,
    };
    let one = |(id, slug, name, members, attached): Row| (from_row((id, slug, name)), members, attached);
    Ok(rows.into_iter().map(one).collect())
}

pub async fn rename(tx: &mut Tx, id: DirectoryGroupId, name: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("directory/rename"), id.0, name)?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: DirectoryGroupId) -> Result<(), StoreError> {
    execute!(tx, sql!("directory/delete"), id.0)?;
    Ok(())
}

/// The people in a group after a folded address.
pub async fn list_members(
    tx: &mut Tx,
    id: DirectoryGroupId,
    after: &str,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_all!(tx, sql!("directory/list_members"), AccountRow, id.0, after, limit)?;
    Ok(rows.into_iter().map(account_from_row).collect())
}

pub async fn count_members(tx: &mut Tx, id: DirectoryGroupId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("directory/count_members"), (i64,), id.0)?.0)
}

pub async fn is_member(tx: &mut Tx, id: DirectoryGroupId, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("directory/is_member"), (i64,), id.0, account.0)?.0 > 0)
}

/// Adds somebody, or takes them out; the groups that are attached follow with [`write_through`]. False when it is so already.
pub async fn change_member(
    tx: &mut Tx,
    id: DirectoryGroupId,
    account: AccountId,
    is_in: bool,
) -> Result<bool, StoreError> {
    let sql = if is_in { sql!("directory/add_member") } else { sql!("directory/remove_member") };
    Ok(execute!(tx, sql, id.0, account.0)? == 1)
}

/// Takes an account out of every group; in which organizations that was.
pub async fn remove_account(tx: &mut Tx, account: AccountId) -> Result<Vec<OrganizationId>, StoreError> {
    let rows = fetch_all!(tx, sql!("directory/list_organizations_of"), (Uuid,), account.0)?;
    execute!(tx, sql!("directory/remove_account"), account.0)?;
    Ok(rows.into_iter().map(|(id,)| OrganizationId(id)).collect())
}

/// Makes the members of every attached group those of the directory's.
pub async fn write_through(tx: &mut Tx, id: DirectoryGroupId) -> Result<(), StoreError> {
    execute!(tx, sql!("directory/write_removed"), id.0)?;
    execute!(tx, sql!("directory/write_added"), id.0)?;
    Ok(())
}

/// A group of a workspace that is attached to one of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub workspace_id: WorkspaceId,
    pub workspace: String,
    pub group_id: UserGroupId,
    pub group: String,
}

/// The groups that are attached to one of the directory, by workspace.
pub async fn list_attached(tx: &mut Tx, id: DirectoryGroupId) -> Result<Vec<Attached>, StoreError> {
    let rows = fetch_all!(tx, sql!("directory/list_attached"), (Uuid, String, Uuid, String), id.0)?;
    let one = |(workspace_id, workspace, group_id, group)| Attached {
        workspace_id: WorkspaceId(workspace_id),
        workspace,
        group_id: UserGroupId(group_id),
        group,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// What says who is in the groups of a workspace: each group of the directory, with the slug of its organization.
pub async fn list_of_workspace(
    tx: &mut Tx,
    workspace: WorkspaceId,
) -> Result<Vec<(UserGroupId, DirectoryGroup, String)>, StoreError> {
    type Row = (Uuid, Uuid, String, String, String);
    let rows = fetch_all!(tx, sql!("directory/list_of_workspace"), Row, workspace.0)?;
    let one =
        |(group, id, slug, name, organization): Row| (UserGroupId(group), from_row((id, slug, name)), organization);
    Ok(rows.into_iter().map(one).collect())
}

/// Has a group of the directory say from now on who is in a group of a workspace; those who are in it come along.
pub async fn attach(tx: &mut Tx, group: UserGroupId, to: DirectoryGroupId) -> Result<(), StoreError> {
    attach_all(tx, &[(group, to)]).await
}

/// The same for many.
pub async fn attach_all(tx: &mut Tx, pairs: &[(UserGroupId, DirectoryGroupId)]) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(_) => {
            for (group, to) in pairs {
                execute!(tx, sql!("directory/attach"), group.0, to.0)?;
            }
        }
        Tx::Postgres(t) => {
            let (groups, to): (Vec<Uuid>, Vec<Uuid>) = pairs.iter().map(|(group, to)| (group.0, to.0)).unzip();
            let text = "UPDATE user_group SET directory_group_id = k.b FROM UNNEST($1, $2) AS k (a, b) WHERE id = k.a";
            sqlx::query(text).bind(groups).bind(to).execute(&mut **t).await?;
        }
    }
    execute_by_keys!(
        tx,
        "INSERT INTO directory_group_member (directory_group_id, account_id) SELECT DISTINCT u.directory_group_id, m.account_id FROM user_group u JOIN user_group_member m ON m.user_group_id = u.id WHERE NOT EXISTS (SELECT 1 FROM directory_group_member x WHERE x.directory_group_id = u.directory_group_id AND x.account_id = m.account_id) AND u.id",
        pairs,
        |pair| pair.0.0
    );
    Ok(())
}

/// A group of a workspace whose members are not those of the directory's group that it is attached to: the slugs of both, and
/// of the organization. There is none, but inside a transaction that must not be committed.
pub async fn find_apart(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<(String, String, String)>, StoreError> {
    fetch_optional!(tx, sql!("directory/find_apart"), (String, String, String), workspace.0)
}

/// The same anywhere: for tests, and for whoever looks after an installation.
pub async fn find_any_apart(tx: &mut Tx) -> Result<Option<(String, String, String)>, StoreError> {
    fetch_optional!(tx, sql!("directory/find_any_apart"), (String, String, String))
}

/// Whether somebody may manage the directory without being an admin of the organization.
pub async fn is_manager(tx: &mut Tx, organization: OrganizationId, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("directory/is_manager"), (i64,), organization.0, account.0)?.0 > 0)
}

/// Who manages the directory.
pub async fn list_managers(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("directory/list_managers"), (Uuid,), organization.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
