mod link_workspace;
mod link_workspaces;
mod undo_link;
mod view_link;
pub use link_workspace::*;
pub use link_workspaces::*;
pub use undo_link::*;
pub use view_link::*;
