//! Organizations: made, listed, looked at.

mod change_organization;
mod change_role;
mod create_organization;
mod delete_organization;
mod list_apps;
mod list_organizations;
mod list_people;
mod list_users;
mod recommend_organization;
mod view_organization;

pub use change_organization::change_organization;
pub(crate) use change_role::RoleAt;
pub use change_role::{RolePlace, change_role};
pub use create_organization::{NewOrganization, create_organization};
pub use delete_organization::{OrganizationDeletion, delete_organization, preview_deletion};
pub use list_apps::{Apps, LinkedApp, ProductApp, list_apps};
pub use list_organizations::{list_administered_organizations, list_organizations};
pub use list_people::{Person, list_people};
pub use list_users::{User, Users, list_users};
pub(crate) use recommend_organization::compare;
pub use recommend_organization::{Candidate, Recommendation, recommend_organization};
pub use view_organization::{OrganizationView, view_organization};
