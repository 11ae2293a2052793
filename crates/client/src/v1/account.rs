//! Who the token speaks for, and what is theirs.

use serde::{Deserialize, Serialize};

use super::AT_ONCE;
use super::domains::Management;
use super::organizations::{HeldRole, Organization};
use super::tokens::Scope;
use super::workspaces::{Workspace, WorkspaceRole};
use crate::request::with_query;
use crate::{Client, Error, List};

/// The owner of the token, and what the token may be used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Me {
    pub email: Option<String>,
    pub name: Option<String>,
    pub is_operator: bool,
    /// The address is proven to be theirs.
    pub is_verified: bool,
    /// By its IANA name.
    pub time_zone: Option<String>,
    pub has_password: bool,
    pub passkeys: i64,
    /// How many are left.
    pub recovery_codes: i64,
    /// The address that they want, until it is proven.
    pub wanted_email: Option<String>,
    /// Which organization manages the account, or is to.
    #[serde(default)]
    pub management: Option<Management>,
    pub scopes: Vec<Scope>,
}

/// A workspace of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MyWorkspace {
    pub workspace: Workspace,
    pub role: WorkspaceRole,
}

/// An organization of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MyOrganization {
    pub organization: Organization,
    /// Everything that one holds in it.
    pub roles: Vec<HeldRole>,
}

impl Client {
    /// Who am I?
    pub async fn view_me(&self) -> Result<Me, Error> {
        self.get("/me").await
    }

    /// The workspaces that are one's own by a role, by slug.
    pub fn list_my_workspaces(&self) -> List<MyWorkspace> {
        self.list(&with_query("/me/workspaces", &[("limit", AT_ONCE)]))
    }

    /// The organizations in which one holds any role, by slug.
    pub fn list_my_organizations(&self) -> List<MyOrganization> {
        self.list(&with_query("/me/organizations", &[("limit", AT_ONCE)]))
    }
}
