//! Reads a workspace's access in its canonical order (see `orglink_domain::access`) and keeps the digest.

use orglink_domain::access::AccessDigest;
use orglink_domain::digest::Digest;
use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_domain::workspace::UserGroup;

use crate::row::{digest, word};
use crate::{StoreError, Tx, user_group, workspace};

/// The digest of the access as it stands in this snapshot, read afresh.
pub async fn compute_digest(tx: &mut Tx, id: WorkspaceId) -> Result<Digest, StoreError> {
    let groups = user_group::list(tx, id).await?;
    digest_of(tx, id, &groups).await
}

/// The digest, for whoever has read the groups in the same snapshot.
pub async fn digest_of(tx: &mut Tx, id: WorkspaceId, groups: &[UserGroup]) -> Result<Digest, StoreError> {
    let salt = workspace::find_salt(tx, id).await?;
    let members = fetch_all!(tx, sql!("access/list_members"), (String, String), id.0)?;
    let repositories = fetch_all!(tx, sql!("access/list_repositories"), (String,), id.0)?;
    let (group_grants, account_grants) = if repositories.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        (
            fetch_all!(tx, sql!("access/list_group_grants"), (String, String, String), id.0)?,
            fetch_all!(tx, sql!("access/list_account_grants"), (String, String, String), id.0)?,
        )
    };

    let mut access = AccessDigest::new(&salt);
    let mut members = members.into_iter().peekable();
    for group in groups {
        let slug = fold(&group.slug);
        access.group(group);
        while let Some((_, email)) = members.next_if(|(of, _)| *of == slug) {
            access.member(&email);
        }
    }
    let mut group_grants = group_grants.into_iter().peekable();
    let mut account_grants = account_grants.into_iter().peekable();
    for (slug,) in repositories {
        access.repository(&slug);
        while let Some((_, group, permission)) = group_grants.next_if(|(of, ..)| *of == slug) {
            access.group_grant(&group, word(&permission, "repository_group_grant", "permission", id)?);
        }
        while let Some((_, email, permission)) = account_grants.next_if(|(of, ..)| *of == slug) {
            access.account_grant(&email, word(&permission, "repository_account_grant", "permission", id)?);
        }
    }
    Ok(access.finish())
}

/// The digest kept for this version of the workspace, if there is one.
pub async fn find_digest(tx: &mut Tx, id: WorkspaceId, version: i64) -> Result<Option<Digest>, StoreError> {
    match fetch_optional!(tx, sql!("access/find_digest"), (i64, Vec<u8>), id.0)? {
        Some((of, kept)) if of == version => Ok(Some(digest(&kept, "workspace_access_digest", "digest", id)?)),
        _ => Ok(None),
    }
}

/// Keeps the digest of one version.
pub async fn save_digest(tx: &mut Tx, id: WorkspaceId, version: i64, digest: &Digest) -> Result<(), StoreError> {
    execute!(tx, sql!("access/save_digest"), id.0, version, digest.as_bytes().as_slice())?;
    Ok(())
}
