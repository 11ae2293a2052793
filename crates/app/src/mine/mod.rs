//! What is one's own: workspaces and organizations with the roles that one holds there, also for an operator, who may
//! see all.

mod list_my_organizations;
mod list_my_workspaces;

pub use list_my_organizations::{MyOrganization, list_my_organizations};
pub use list_my_workspaces::{MyWorkspace, list_my_workspaces};
