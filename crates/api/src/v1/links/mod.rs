mod link_workspace;
mod view_link;
pub use link_workspace::*;
pub use view_link::*;
