//! What exactly linking would do, with a digest to link by.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::eligibility::Eligibility;
use crate::words::words;
use crate::{Client, Error, segment};

words! {
    /// Something that a person acknowledges by name before linking.
    WarningCode {
        LinkIsPermanent = "link_is_permanent",
        LinkCanOnlyBeMoved = "link_can_only_be_moved",
        PeopleStayInWorkspace = "people_stay_in_workspace",
        UsersCannotMigrateYet = "users_cannot_migrate_yet",
        SingleOrganizationAdmin = "single_organization_admin",
        WrongOrganization = "wrong_organization",
    }
}
words! {
    /// What speaks for an organization.
    EvidenceKind {
        Integrations = "integrations",
        Domains = "domains",
        People = "people",
        Hub = "hub",
        IdentityProvider = "identity_provider",
    }
}

/// A plan: its digest is the SHA-256 of the canonical JSON (RFC 8785) of `document`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkPlan {
    pub digest: String,
    pub valid_until: String,
    /// The material facts; linking is refused when they have changed.
    pub document: Value,
    /// To be acknowledged, each by its code.
    pub warnings: Vec<Warning>,
    /// What speaks for each organization that one administers.
    pub recommendation: Recommendation,
    pub eligibility: Eligibility,
    pub summary: Summary,
    /// Who can do what in the workspace, as one digest; compared again after the link.
    pub access_digest: String,
    /// The people whose ids the document names.
    pub people: Vec<Person>,
    /// What has changed since the plan was made.
    pub differences: Vec<Value>,
}

/// A warning to acknowledge by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Warning {
    pub code: WarningCode,
    pub title: String,
    pub detail: String,
}

/// What is informational about a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    pub members: i64,
    pub user_groups: i64,
    pub repositories: i64,
}

/// Somebody a plan names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Person {
    pub id: String,
    pub email: String,
    pub name: String,
}

/// The organizations that one administers, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Recommendation {
    /// The slug of the one that stands alone at the top, if any does.
    pub recommended: Option<String>,
    pub items: Vec<Candidate>,
}

/// An organization with what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Candidate {
    /// Its slug.
    pub organization: String,
    pub name: String,
    /// 0 to 100.
    pub score: i64,
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    pub kind: EvidenceKind,
    pub points: i64,
    pub detail: String,
}

#[derive(Deserialize)]
struct Made {
    plan: LinkPlan,
}

impl Client {
    /// Exactly what linking a workspace to an organization would do. Changes nothing.
    pub async fn make_plan(&self, workspace: &str, organization: &str) -> Result<LinkPlan, Error> {
        let wanted = json!({ "workspace": workspace, "organization": organization });
        Ok(self.post::<Made>("/link-plans", &wanted, None).await?.plan)
    }

    /// A plan by its digest: as it would be now, with what has changed since it was made.
    pub async fn view_plan(&self, digest: &str) -> Result<LinkPlan, Error> {
        self.get(&format!("/link-plans/{}", segment(digest))).await
    }
}
