//! User groups: looked at, made, changed, deleted, and who is in them.

mod change_members;
mod edit_group;
mod list_user_groups;

pub use change_members::{add_members, remove_member};
pub use edit_group::{GroupPatch, NewGroup, change_group, create_group, delete_group};
pub use list_user_groups::{
    GroupView, GroupWithMembers, ManagedIn, OneGroup, list_group_members, list_user_groups, view_user_group,
};

use orglink_domain::workspace::UserGroup;
use orglink_store::{Tx, user_group};

use crate::Error;
use crate::tenant::WorkspaceProof;

/// A group of a workspace that was loaded for somebody.
pub(crate) async fn find_group(tx: &mut Tx, proof: &WorkspaceProof, slug: &str) -> Result<UserGroup, Error> {
    let found = user_group::find(tx, proof.workspace().id, slug).await?;
    found.ok_or_else(|| Error::not_found("user group", slug))
}
