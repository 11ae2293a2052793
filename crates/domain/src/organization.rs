//! Organizations: the company-level container.

use crate::clock::Timestamp;
use crate::id::OrganizationId;
use crate::words;

words! {
    /// Where the people of an organization's sites are managed.
    "user management" UserManagement {
        /// One directory for the whole organization.
        Centralized = "centralized",
        /// Each site still keeps its own; users of workspaces cannot migrate into it yet.
        Original = "original",
    }
}

/// The company-level container that workspaces are linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub user_management: UserManagement,
    /// How many workspaces may be linked at most; none means no limit.
    pub link_quota: Option<i64>,
    pub identity_provider: Option<String>,
    /// Goes up by one with every change of a fact of the organization: the ETag and the drift check.
    pub version: i64,
    pub created_at: Timestamp,
}

/// A place in an organization that carries products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub id: crate::id::SiteId,
    pub slug: String,
    pub created_at: Timestamp,
}
