//! Reads a workspace's access in its canonical order (see `orglink_domain::access`) and keeps the digest.

use orglink_domain::access::AccessDigest;
use orglink_domain::digest::Digest;
use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_domain::workspace::UserGroup;

use crate::row::{bytes32, digest, word};
use crate::{StoreError, Tx, user_group, workspace};

/// The digest of the access as it stands in this snapshot, read afresh.
pub async fn compute_digest(tx: &mut Tx, id: WorkspaceId) -> Result<Digest, StoreError> {
    let groups = user_group::list(tx, id).await?;
    let salt = workspace::find_salt(tx, id).await?;
    digest_of(tx, id, &salt, groups.iter()).await
}

/// The digest kept for the workspace as it is, or read afresh by whoever has the groups of the same snapshot.
pub async fn find_digest(
    tx: &mut Tx,
    id: WorkspaceId,
    groups: impl Iterator<Item = &UserGroup>,
) -> Result<Digest, StoreError> {
    let (salt, kept) = fetch_one!(tx, sql!("access/find_digest"), (Vec<u8>, Option<Vec<u8>>), id.0)?;
    if let Some(kept) = kept {
        return digest(&kept, "workspace_access_digest", "digest", id);
    }
    digest_of(tx, id, &bytes32(&salt, "workspace", "access_salt", id)?, groups).await
}

async fn digest_of(
    tx: &mut Tx,
    id: WorkspaceId,
    salt: &[u8; 32],
    groups: impl Iterator<Item = &UserGroup>,
) -> Result<Digest, StoreError> {
    let (mut members, mut repositories, mut group_grants, mut account_grants) = (vec![], vec![], vec![], vec![]);
    for (part, of, name, permission) in fetch_all!(tx, sql!("access/list"), (String, String, String, String), id.0)? {
        match part.as_str() {
            "member" => members.push((of, name)),
            "repository" => repositories.push(of),
            "group_grant" => group_grants.push((of, name, permission)),
            _ => account_grants.push((of, name, permission)),
        }
    }
    let mut access = AccessDigest::new(salt);
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
    for slug in repositories {
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

/// Keeps the digest of one version.
pub async fn save_digest(tx: &mut Tx, id: WorkspaceId, version: i64, digest: &Digest) -> Result<(), StoreError> {
    execute!(tx, sql!("access/save_digest"), id.0, version, digest.as_bytes().as_slice())?;
    Ok(())
}
