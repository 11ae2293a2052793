//! Organizations: made, listed, looked at.

mod create_organization;
mod list_apps;
mod list_organizations;
mod list_people;
mod view_organization;

pub use create_organization::{NewOrganization, create_organization};
pub use list_apps::{Apps, LinkedApp, ProductApp, list_apps};
pub use list_organizations::{list_administered_organizations, list_organizations};
pub use list_people::{Person, list_people};
pub use view_organization::{OrganizationView, view_organization};
