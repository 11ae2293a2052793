//! Workspaces: listed, looked at, watched, changed, deleted, and their people.

mod change_workspace;
mod delete_workspace;
mod list_members;
mod list_workspaces;
mod remove_member;
mod view_subscription;
mod view_timeline;
mod view_workspace;
mod watch_workspace;

pub use change_workspace::{WorkspacePatch, change_workspace, convert_workspace};
pub use delete_workspace::{WorkspaceDeletion, delete_workspace, preview_deletion};
pub use list_members::{Member, Members, list_members};
pub use list_workspaces::list_workspaces;
pub use remove_member::remove_member;
pub use view_subscription::{Subscription, view_access_salt, view_subscription};
pub use view_timeline::{Timeline, TimelineEntry, view_timeline};
pub use view_workspace::{LinkCard, WorkspaceView, view_workspace};
pub use watch_workspace::{unwatch_workspace, watch_workspace};

pub(crate) use list_members::{Memberships, find_member, is_self, range_of};
