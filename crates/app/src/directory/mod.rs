//! The directory of an organization: groups of people. Of a workspace whose users have migrated, they say who is in its user
//! groups; what those may do stays the workspace's affair.

mod attach_group;
mod change_members;
mod edit_group;
mod view_directory;

pub use attach_group::attach_directory_group;
pub(crate) use change_members::{Members, change_members};
pub use change_members::{add_directory_members, remove_directory_member};
pub use edit_group::{NewDirectoryGroup, create_directory_group, delete_directory_group, rename_directory_group};
pub use view_directory::{
    Directory, DirectoryGroupView, DirectoryMembers, list_directory_groups, list_directory_members,
    view_directory_group,
};

use orglink_domain::user_management::DirectoryGroup;
use orglink_store::{Tx, directory};

use crate::Error;
use crate::tenant::OrganizationProof;

/// A group of the directory of an organization that was loaded for somebody.
pub(crate) async fn find_group(tx: &mut Tx, proof: &OrganizationProof, slug: &str) -> Result<DirectoryGroup, Error> {
    let found = directory::find(tx, proof.organization().id, slug).await?;
    found.ok_or_else(|| Error::not_found("directory group", slug))
}
