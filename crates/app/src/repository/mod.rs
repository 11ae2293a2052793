//! Repositories: listed, who can do what on one and through what, and what groups and people are given.

mod change_grant;
mod list_repositories;
mod view_access;

pub use change_grant::{Grantee, change_grant};
pub use list_repositories::{Repositories, list_repositories};
pub use view_access::{AccessView, GroupAccess, PersonAccess, view_access};

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_domain::repository_access::{Source, sources};
use orglink_domain::workspace::Repository;
use orglink_store::{Tx, repository};

use crate::Error;
use crate::tenant::WorkspaceProof;
use crate::workspace::Memberships;

/// A repository of a workspace that was loaded for somebody.
pub(crate) async fn find_repository(tx: &mut Tx, proof: &WorkspaceProof, slug: &str) -> Result<Repository, Error> {
    let found = repository::find(tx, proof.workspace().id, slug).await?;
    found.ok_or_else(|| Error::not_found("repository", slug))
}

/// Every way in which an account may do something with a repository, strongest first; without one, with what belongs to
/// none in particular.
pub(crate) async fn sources_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repository: Option<&Repository>,
    account: &Account,
) -> Result<Vec<Source>, Error> {
    let email = fold(&account.email);
    let memberships = Memberships::of(tx, workspace, std::slice::from_ref(account)).await?;
    let (given, direct) = match repository {
        Some(of) => {
            let given = repository::list_group_grants(tx, of.id).await?;
            (given, repository::list_account_grants(tx, of.id, (&email, &email)).await?)
        }
        None => (HashMap::new(), HashMap::new()),
    };
    let groups = memberships.groups_of(account).map(|group| (group, given.get(&group.id).copied()));
    Ok(sources(groups, direct.get(&account.id).copied()))
}
