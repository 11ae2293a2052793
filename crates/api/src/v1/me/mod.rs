mod list_my_organizations;
mod list_my_workspaces;
mod view_me;

pub use list_my_organizations::*;
pub use list_my_workspaces::*;
pub use view_me::*;
