mod link_workspace;
mod undo_link;
mod view_link;
pub use link_workspace::*;
pub use undo_link::*;
pub use view_link::*;
