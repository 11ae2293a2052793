//! The directory of an organization: groups of people. Of a workspace whose users have migrated, they say who is in its user
//! groups; what those may do stays the workspace's affair. While an organization has original user management, each of its
//! sites has such a directory instead, which says nothing of any workspace.

mod attach_group;
mod change_members;
mod change_user_management;
mod edit_group;
mod proof;
mod view_directory;

pub use attach_group::attach_directory_group;
pub(crate) use change_members::{Members, change_members};
pub use change_members::{add_directory_members, remove_directory_member};
pub use change_user_management::change_user_management;
pub(crate) use change_user_management::settle;
pub use edit_group::{NewDirectoryGroup, create_directory_group, delete_directory_group, rename_directory_group};
pub use proof::DirectoryOf;
pub(crate) use proof::{DirectoryProof, follow_words};
pub use view_directory::{
    Directory, DirectoryGroupView, DirectoryMembers, list_directory_groups, list_directory_members,
    view_directory_group,
};
