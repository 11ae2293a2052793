//! Where workspaces go: groups that get one new organization, organizations that runs made, organizations there were.

use orglink_domain::campaign::automatic::GroupKey;
use orglink_domain::id::{AccountId, OrganizationId, RunId};
use uuid::Uuid;

use crate::row::digest;
use crate::{StoreError, Tx};

/// The bounds of a share of all group keys: after one, up to and with the other.
pub type KeyRange = ([u8; 32], [u8; 32]);

/// Says of every group in a share whether several workspaces are in it.
pub async fn mark_shared(tx: &mut Tx, run: RunId, share: &KeyRange) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/mark_shared"), run.0, share.0.as_slice(), share.1.as_slice())
}

/// One of several workspaces of a group.
#[derive(Debug, Clone)]
pub struct GroupMember {
    pub key: GroupKey,
    pub name: String,
    pub slug: String,
    pub members: i64,
}

/// The workspaces of groups with several, of a share.
pub async fn list_shared(tx: &mut Tx, run: RunId, share: &KeyRange) -> Result<Vec<GroupMember>, StoreError> {
    type Shared = (Vec<u8>, String, String, i64);
    fetch_all!(tx, sql!("campaign/list_shared"), Shared, run.0, share.0.as_slice(), share.1.as_slice())?
        .into_iter()
        .map(|(key, name, slug, members)| {
            Ok(GroupMember { key: digest(&key, "campaign_decision", "group_key", run)?, name, slug, members })
        })
        .collect()
}

/// Several workspaces that get one organization, with the name that it gets.
#[derive(Debug, Clone)]
pub struct Group {
    pub key: GroupKey,
    pub name: String,
    pub slug: String,
    pub workspaces: i64,
}

pub async fn create_groups(tx: &mut Tx, run: RunId, groups: &[Group]) -> Result<(), StoreError> {
    insert_all!(tx, "campaign_group (run_id, group_key, name, slug, workspaces)", groups, |b, row| {
        b.push_bind(run.0)
            .push_bind(row.key.as_bytes().as_slice())
            .push_bind(row.name.as_str())
            .push_bind(row.slug.as_str())
            .push_bind(row.workspaces);
    });
    Ok(())
}

/// What groups with several workspaces are called.
pub async fn find_groups(tx: &mut Tx, run: RunId, keys: &[GroupKey]) -> Result<Vec<Group>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Vec<u8>, String, String, i64),
        "SELECT run_id, group_key, name, slug, workspaces FROM campaign_group WHERE group_key",
        keys,
        |key| key.as_bytes().as_slice(),
        ""
    );
    rows.into_iter()
        .filter(|(of, ..)| *of == run.0)
        .map(|(_, key, name, slug, workspaces)| {
            Ok(Group { key: digest(&key, "campaign_group", "group_key", run)?, name, slug, workspaces })
        })
        .collect()
}

/// Makes organizations known as made by a run, each for its group; unclaimed.
pub async fn create_organizations(
    tx: &mut Tx,
    run: RunId,
    made: &[(GroupKey, OrganizationId)],
) -> Result<(), StoreError> {
    insert_all!(tx, "campaign_organization (organization_id, run_id, group_key)", made, |b, row| {
        b.push_bind(row.1.0).push_bind(run.0).push_bind(row.0.as_bytes().as_slice());
    });
    Ok(())
}

/// The organizations that a run has made for some of these groups.
pub async fn find_made(
    tx: &mut Tx,
    run: RunId,
    keys: &[GroupKey],
) -> Result<Vec<(GroupKey, OrganizationId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Vec<u8>, Uuid),
        "SELECT run_id, group_key, organization_id FROM campaign_organization WHERE group_key",
        keys,
        |key| key.as_bytes().as_slice(),
        ""
    );
    rows.into_iter()
        .filter(|(of, ..)| *of == run.0)
        .map(|(_, key, id)| Ok((digest(&key, "campaign_organization", "group_key", id)?, OrganizationId(id))))
        .collect()
}

/// Who administers organizations.
pub async fn list_organization_admins(
    tx: &mut Tx,
    ids: &[OrganizationId],
) -> Result<Vec<(OrganizationId, AccountId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT organization_id, account_id FROM organization_role WHERE role = 'admin' AND organization_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(organization, account)| (OrganizationId(organization), AccountId(account))).collect())
}

/// An organization that was made is gone; its group may get another.
pub async fn delete_made(tx: &mut Tx, id: OrganizationId) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/delete_made"), id.0)?;
    Ok(())
}

/// Folded slugs of organizations that are taken, of these.
pub async fn find_taken_slugs(tx: &mut Tx, slugs: &[String]) -> Result<Vec<String>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (String,),
        "SELECT slug_folded FROM organization WHERE slug_folded",
        slugs,
        |slug| slug.as_str(),
        ""
    );
    Ok(rows.into_iter().map(|(slug,)| slug).collect())
}

/// An organization that decisions name, as it is now and as the run last left it.
#[derive(Debug, Clone)]
pub struct KnownOrganization {
    pub id: OrganizationId,
    pub slug: String,
    pub version: i64,
    pub link_quota: Option<i64>,
    pub is_deleted: bool,
    /// None when no decision of the run named it when all was decided.
    pub known_version: Option<i64>,
}

/// An organization that a decision names, while all is being decided.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationVersion {
    pub id: OrganizationId,
    pub version: i64,
    pub link_quota: Option<i64>,
}

pub async fn list_versions(tx: &mut Tx, ids: &[OrganizationId]) -> Result<Vec<OrganizationVersion>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, i64, Option<i64>),
        "SELECT id, version, link_quota FROM organization WHERE id",
        ids,
        |id| id.0,
        ""
    );
    let of = |(id, version, link_quota)| OrganizationVersion { id: OrganizationId(id), version, link_quota };
    Ok(rows.into_iter().map(of).collect())
}

pub async fn find_organizations(
    tx: &mut Tx,
    run: RunId,
    ids: &[OrganizationId],
) -> Result<Vec<KnownOrganization>, StoreError> {
    let known = fetch_by_keys!(
        tx,
        (Uuid, Uuid, i64),
        "SELECT run_id, organization_id, version FROM campaign_run_organization WHERE organization_id",
        ids,
        |id| id.0,
        ""
    );
    let known: std::collections::HashMap<Uuid, i64> =
        known.into_iter().filter(|(of, ..)| *of == run.0).map(|(_, id, version)| (id, version)).collect();
    let rows = fetch_by_keys!(
        tx,
        (Uuid, String, i64, Option<i64>, bool),
        "SELECT id, slug, version, link_quota, deleted_at IS NOT NULL FROM organization WHERE id",
        ids,
        |id| id.0,
        "ORDER BY id"
    );
    Ok(rows
        .into_iter()
        .map(|(id, slug, version, link_quota, is_deleted)| KnownOrganization {
            id: OrganizationId(id),
            slug,
            version,
            link_quota,
            is_deleted,
            known_version: known.get(&id).copied(),
        })
        .collect())
}

/// Raises the versions of organizations that something was linked to, here and in what the run knows of them.
pub async fn raise_organizations(tx: &mut Tx, run: RunId, ids: &[OrganizationId]) -> Result<(), StoreError> {
    execute_by_keys!(tx, "UPDATE organization SET version = version + 1 WHERE id", ids, |id| id.0);
    for chunk in ids.chunks(crate::bulk::KEYS_A_STATEMENT) {
        let head = "UPDATE campaign_run_organization SET version = version + 1 WHERE run_id = ";
        match tx {
            Tx::Sqlite(t) => {
                let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(head);
                builder.push_bind(run.0).push(" AND organization_id IN (");
                let mut list = builder.separated(", ");
                for id in crate::bulk::padded(chunk) {
                    list.push_bind(id.0);
                }
                builder.push(")");
                builder.build().execute(&mut **t).await?;
            }
            Tx::Postgres(t) => {
                let keys: Vec<Uuid> = chunk.iter().map(|id| id.0).collect();
                let text = "UPDATE campaign_run_organization SET version = version + 1 WHERE run_id = $1 AND organization_id = ANY($2)";
                sqlx::query(text).bind(run.0).bind(keys).execute(&mut **t).await?;
            }
        }
    }
    Ok(())
}
