//! Whether a workspace can be linked, and every reason why not.

use serde::{Deserialize, Serialize};

use super::AT_ONCE;
use super::workspaces::Workspace;
use crate::request::with_query;
use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// Why not.
    ReasonCode {
        AlreadyLinked = "already_linked",
        PersonalWorkspace = "personal_workspace",
        FreePlan = "free_plan",
        Suspended = "suspended",
        PendingDeletion = "pending_deletion",
        OpenTransfer = "open_transfer",
        LegalHold = "legal_hold",
        NotInCohort = "not_in_cohort",
        NoActiveAdmin = "no_active_admin",
        LinkingFrozen = "linking_frozen",
        OrganizationOriginalUserManagement = "organization_original_user_management",
        OrganizationQuota = "organization_quota",
    }
}
words! {
    /// What a reason is about: the workspace alone, or the workspace together with one organization.
    ReasonScope { Workspace = "workspace", Pair = "pair" }
}
words! {
    /// What a reason stops.
    Blocks {
        /// Linking, by whomever.
        Link = "link",
        /// Only the automatic linking after a campaign's date.
        AutomaticLink = "automatic_link",
        /// Only the later migration of users into the organization.
        UsersMigration = "users_migration",
    }
}

/// Whether a workspace may be linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Eligibility {
    /// A person with both roles may link it now.
    pub eligible: bool,
    /// Automatic linking would take it.
    pub automatic: bool,
    pub reasons: Vec<Reason>,
}

/// One reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reason {
    pub code: ReasonCode,
    pub scope: ReasonScope,
    pub blocks: Blocks,
    pub title: String,
    pub detail: String,
    /// What to do about it.
    pub remedy: String,
    /// Who can do that.
    pub who: String,
    /// The page of the installation on which the capability is followed that is missing.
    #[serde(default)]
    pub follow: Option<String>,
}

/// A workspace that one administers, with whether it may be linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkableWorkspace {
    #[serde(flatten)]
    pub workspace: Workspace,
    #[serde(flatten)]
    pub eligibility: Eligibility,
    /// One is told when this changes.
    pub is_watching: bool,
}

impl Client {
    /// Whether a workspace may be linked; with an organization, also the reasons that lie there. Each by slug or id.
    pub async fn check_eligibility(&self, workspace: &str, organization: Option<&str>) -> Result<Eligibility, Error> {
        let path = format!("/workspaces/{}/eligibility", segment(workspace));
        self.get(&with_query(&path, &[("organization", organization)])).await
    }

    /// The workspaces that one administers, each with whether it can be linked and why not.
    pub fn list_eligibility(&self) -> List<LinkableWorkspace> {
        self.list(&with_query("/eligibility", &[("limit", AT_ONCE)]))
    }
}
