//! An organization and the roles in it, as JSON.

use orglink_domain::clock::Timestamp;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_domain::role::HeldRole;
use serde::Serialize;
use utoipa::ToSchema;

/// An organization.
#[derive(Serialize, ToSchema)]
pub struct OrganizationJson {
    pub id: String,
    pub slug: String,
    pub name: String,
    #[schema(value_type = String)]
    pub user_management: UserManagement,
    pub link_quota: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl OrganizationJson {
    pub fn of(o: &Organization) -> Self {
        Self {
            id: o.id.to_string(),
            slug: o.slug.clone(),
            name: o.name.clone(),
            user_management: o.user_management,
            link_quota: o.link_quota,
            created_at: o.created_at,
        }
    }
}

/// A role, and on what.
#[derive(Serialize, ToSchema)]
pub struct HeldRoleJson {
    /// Of an organization `admin`, `user_access_admin`, `billing_admin`, `auditor`; of a site `site_admin`,
    /// `user_access_admin`; of an app `app_admin`, `user_access_admin`.
    pub role: &'static str,
    /// The site; none for the organization itself.
    pub site: Option<String>,
    /// The product on the site; none for the whole site.
    pub product: Option<String>,
}

impl HeldRoleJson {
    pub fn of(held: HeldRole) -> Self {
        let role = held.role();
        match held {
            HeldRole::Organization(_) => Self { role, site: None, product: None },
            HeldRole::Site(site, _) => Self { role, site: Some(site), product: None },
            HeldRole::App(site, product, _) => Self { role, site: Some(site), product: Some(product) },
        }
    }
}
