//! Repositories: listed, who can do what on one and through what, and what groups and people are given.

mod change_grant;
mod list_repositories;
mod view_access;

pub use change_grant::{Grantee, change_grant};
pub use list_repositories::{Repositories, list_repositories};
pub use view_access::{AccessView, GroupAccess, PersonAccess, view_access};

use orglink_domain::workspace::Repository;
use orglink_store::{Tx, repository};

use crate::Error;
use crate::tenant::WorkspaceProof;

/// A repository of a workspace that was loaded for somebody.
async fn find_repository(tx: &mut Tx, proof: &WorkspaceProof, slug: &str) -> Result<Repository, Error> {
    let found = repository::find(tx, proof.workspace().id, slug).await?;
    found.ok_or_else(|| Error::not_found("repository", slug))
}
