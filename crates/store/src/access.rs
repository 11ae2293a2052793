//! Reads a workspace's access in its canonical order (see `orglink_domain::access`) and keeps the digest.

use std::collections::HashMap;

use orglink_domain::access::AccessDigest;
use orglink_domain::digest::Digest;
use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_domain::workspace::{Permission, UserGroup};
use uuid::Uuid;

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
    let groups = groups.map(|group| (fold(&group.slug), group.clone())).collect();
    let mut lines = AccessLines { groups, ..AccessLines::default() };
    for (part, of, name, permission) in fetch_all!(tx, sql!("access/list"), (String, String, String, String), id.0)? {
        match part.as_str() {
            "member" => lines.members.push((of, name)),
            "repository" => lines.repositories.push(of),
            "group_grant" => {
                let permission = word(&permission, "repository_group_grant", "permission", id)?;
                lines.group_grants.push((of, name, permission));
            }
            _ => {
                let permission = word(&permission, "repository_account_grant", "permission", id)?;
                lines.account_grants.push((of, name, permission));
            }
        }
    }
    Ok(lines.digest(salt))
}

/// Keeps the digest of one version.
pub async fn save_digest(tx: &mut Tx, id: WorkspaceId, version: i64, digest: &Digest) -> Result<(), StoreError> {
    execute!(tx, sql!("access/save_digest"), id.0, version, digest.as_bytes().as_slice())?;
    Ok(())
}

/// What [`AccessDigest`] takes of one workspace, in its order.
#[derive(Default)]
struct AccessLines {
    groups: Vec<(String, UserGroup)>,
    /// By folded slug of the group, then by folded address.
    members: Vec<(String, String)>,
    repositories: Vec<String>,
    group_grants: Vec<(String, String, Permission)>,
    account_grants: Vec<(String, String, Permission)>,
}

impl AccessLines {
    fn digest(mut self, salt: &[u8; 32]) -> Digest {
        self.groups.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        self.members.sort_unstable();
        self.repositories.sort_unstable();
        self.group_grants.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        self.account_grants.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let mut access = AccessDigest::new(salt);
        let mut members = self.members.into_iter().peekable();
        for (slug, group) in &self.groups {
            access.group(group);
            while let Some((_, email)) = members.next_if(|(of, _)| of == slug) {
                access.member(&email);
            }
        }
        let mut group_grants = self.group_grants.into_iter().peekable();
        let mut account_grants = self.account_grants.into_iter().peekable();
        for slug in self.repositories {
            access.repository(&slug);
            while let Some((_, group, permission)) = group_grants.next_if(|(of, ..)| *of == slug) {
                access.group_grant(&group, permission);
            }
            while let Some((_, email, permission)) = account_grants.next_if(|(of, ..)| *of == slug) {
                access.account_grant(&email, permission);
            }
        }
        access.finish()
    }
}

/// The digests of many workspaces, given with their salts, read afresh.
pub async fn compute_digests(
    tx: &mut Tx,
    of: &[(WorkspaceId, [u8; 32])],
) -> Result<HashMap<WorkspaceId, Digest>, StoreError> {
    let mut found: HashMap<Uuid, AccessLines> = of.iter().map(|(id, _)| (id.0, AccessLines::default())).collect();
    let groups = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String, String, String, bool, String, String, bool),
        "SELECT workspace_id, id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default FROM user_group WHERE workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    let mut slugs: HashMap<Uuid, String> = HashMap::with_capacity(groups.len());
    for (workspace, id, slug, folded, name, is_admin, permission, permissions, is_default) in groups {
        let Some(lines) = found.get_mut(&workspace) else { continue };
        let group = user_group::from_row((id, slug, name, is_admin, permission, permissions, is_default))?;
        slugs.insert(id, folded.clone());
        lines.groups.push((folded, group));
    }
    let members = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT m.workspace_id, m.user_group_id, a.email_folded FROM user_group_member m JOIN account a ON a.id = m.account_id WHERE m.workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    for (workspace, group, email) in members {
        if let (Some(lines), Some(slug)) = (found.get_mut(&workspace), slugs.get(&group)) {
            lines.members.push((slug.clone(), email));
        }
    }
    let repositories = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT workspace_id, id, slug_folded FROM repository WHERE workspace_id",
        of,
        |key| key.0.0,
        ""
    );
    let mut names: HashMap<Uuid, (Uuid, String)> = HashMap::with_capacity(repositories.len());
    for (workspace, id, slug) in repositories {
        if let Some(lines) = found.get_mut(&workspace) {
            lines.repositories.push(slug.clone());
            names.insert(id, (workspace, slug));
        }
    }
    let ids: Vec<Uuid> = names.keys().copied().collect();
    let grants = fetch_by_keys!(
        tx,
        (Uuid, Uuid, String),
        "SELECT repository_id, user_group_id, permission FROM repository_group_grant WHERE repository_id",
        ids,
        |id| *id,
        ""
    );
    for (repository, group, permission) in grants {
        let Some((workspace, slug)) = names.get(&repository) else { continue };
        if let (Some(lines), Some(group)) = (found.get_mut(workspace), slugs.get(&group)) {
            let permission = word(&permission, "repository_group_grant", "permission", repository)?;
            lines.group_grants.push((slug.clone(), group.clone(), permission));
        }
    }
    let grants = fetch_by_keys!(
        tx,
        (Uuid, String, String),
        "SELECT x.repository_id, a.email_folded, x.permission FROM repository_account_grant x JOIN account a ON a.id = x.account_id WHERE x.repository_id",
        ids,
        |id| *id,
        ""
    );
    for (repository, email, permission) in grants {
        let Some((workspace, slug)) = names.get(&repository) else { continue };
        if let Some(lines) = found.get_mut(workspace) {
            let permission = word(&permission, "repository_account_grant", "permission", repository)?;
            lines.account_grants.push((slug.clone(), email, permission));
        }
    }
    let digests = of.iter().filter_map(|(id, salt)| Some((*id, found.remove(&id.0)?.digest(salt))));
    Ok(digests.collect())
}
