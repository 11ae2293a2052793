//! Organizations and what they have.

use serde::{Deserialize, Serialize};

use super::AT_ONCE;
use super::workspaces::{Administration, Workspace};
use crate::request::with_query;
use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// Where the people of an organization's sites are managed.
    UserManagement { Centralized = "centralized", Original = "original" }
}
words! {
    /// The strongest thing one is to an organization; `Holder` of any other role in it.
    OrganizationStanding { Admin = "admin", Auditor = "auditor", Holder = "holder", None = "none" }
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub user_management: UserManagement,
    /// How many workspaces may be linked to it; none for as many as there are.
    pub link_quota: Option<i64>,
    pub created_at: String,
}

/// A role, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldRole {
    /// Of an organization `admin`, `user_access_admin`, `billing_admin`, `auditor`; of a site `site_admin`,
    /// `user_access_admin`; of an app `app_admin`, `user_access_admin`.
    pub role: String,
    /// The site; none for the organization itself.
    pub site: Option<String>,
    /// The product on the site; none for the whole site.
    pub product: Option<String>,
}

/// An organization, and what one is to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationDetail {
    #[serde(flatten)]
    pub organization: Organization,
    pub role: OrganizationStanding,
    /// Everything that one holds in it.
    pub roles: Vec<HeldRole>,
    pub verified_domains: Vec<String>,
    pub linked_workspaces: i64,
    /// None when one may not see its people.
    pub administration: Option<Administration>,
    /// What its admins should do something about.
    pub warning: Option<String>,
}

/// A product on a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Product {
    pub site: String,
    pub product: String,
    pub title: String,
}

/// A linked workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkedWorkspace {
    #[serde(flatten)]
    pub workspace: Workspace,
    pub linked_at: String,
    /// The name of whoever linked it.
    pub linked_by: String,
}

/// A page of what an organization has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Apps {
    /// On the first page only.
    pub products: Vec<Product>,
    /// Linked workspaces, by slug.
    pub items: Vec<LinkedWorkspace>,
    /// What the next page is asked for by; none after the last.
    pub next: Option<String>,
}

fn apps(organization: &str) -> String {
    with_query(&format!("/organizations/{}/apps", segment(organization)), &[("limit", AT_ONCE)])
}

impl Client {
    /// The organizations in which one holds any role, by slug; all of them for an operator.
    pub fn list_organizations(&self) -> List<Organization> {
        self.list(&with_query("/organizations", &[("limit", AT_ONCE)]))
    }

    /// An organization, by slug or id.
    pub async fn view_organization(&self, organization: &str) -> Result<OrganizationDetail, Error> {
        self.get(&format!("/organizations/{}", segment(organization))).await
    }

    /// What an organization has: its products and the first linked workspaces, or the page that `next` names.
    pub async fn list_apps(&self, organization: &str, cursor: Option<&str>) -> Result<Apps, Error> {
        self.get(&with_query(&apps(organization), &[("cursor", cursor)])).await
    }

    /// All workspaces that are linked to an organization, by slug.
    pub fn list_linked_workspaces(&self, organization: &str) -> List<LinkedWorkspace> {
        self.list(&apps(organization))
    }
}
