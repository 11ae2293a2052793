//! Workspaces: listed, looked at, watched.

mod list_members;
mod list_user_groups;
mod list_workspaces;
mod view_subscription;
mod view_workspace;
mod watch_workspace;

pub use list_members::{list_group_members, list_members};
pub use list_user_groups::{GroupView, list_user_groups};
pub use list_workspaces::list_workspaces;
pub use view_subscription::{Subscription, view_access_salt, view_subscription};
pub use view_workspace::{LinkCard, WorkspaceView, view_workspace};
pub use watch_workspace::{unwatch_workspace, watch_workspace};
