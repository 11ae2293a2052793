//! Links: made, looked at, taken back.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::plans::{LinkPlan, WarningCode};
use crate::words::words;
use crate::{Client, Error, segment};

words! {
    /// Whether access was compared after the link.
    AccessCheck {
        Pending = "pending",
        Unchanged = "unchanged",
        /// The workspace's own people changed something before it was compared.
        ChangedSince = "changed_since",
        /// Nobody changed anything, and it is not the same: an alarm.
        Differs = "differs",
    }
}
words! {
    /// How many people a link needs.
    ConsentRule { OnePerson = "one-person", TwoSided = "two-sided", TwoPeople = "two-people" }
}
words! {
    /// Who did something: the one named, an operator on their behalf, or the program by itself.
    Through { Own = "own", Operator = "operator", System = "system" }
}

/// Where a workspace is linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkCard {
    pub id: String,
    /// Its slug.
    pub organization: String,
    pub organization_name: String,
    pub linked_at: String,
    pub linked_by: String,
    pub access_check: AccessCheck,
    /// Until when an admin of either side can undo it; none when it is permanent or sealed.
    pub undo_until: Option<String>,
}

/// A link with everything that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    pub id: String,
    /// Its slug.
    pub workspace: String,
    /// Its slug.
    pub organization: String,
    pub linked_at: String,
    /// The name of whoever linked it, or of the campaign that did.
    pub linked_by: String,
    pub linked_through: Through,
    /// None when a campaign linked it.
    pub plan_digest: Option<String>,
    pub access_digest: String,
    /// The version of the workspace that the access digest was taken of.
    pub access_version: String,
    pub access_check: AccessCheck,
    pub consent: ConsentRule,
    /// 0 means permanent at once.
    pub undo_window_seconds: String,
    /// Whether the workspace can be moved to another organization, when all sides agree.
    pub transfer: bool,
    /// The warnings that were acknowledged.
    pub acknowledged: Vec<WarningCode>,
}

/// What is to be linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkRequest {
    workspace: String,
    organization: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_digest: Option<String>,
    acknowledge: Vec<WarningCode>,
    acknowledge_all: bool,
}

impl LinkRequest {
    /// By whatever the plan is when it is linked. Each by slug or id.
    #[must_use]
    pub fn new(workspace: &str, organization: &str) -> Self {
        let (workspace, organization) = (workspace.to_owned(), organization.to_owned());
        Self { workspace, organization, plan_digest: None, acknowledge: Vec::new(), acknowledge_all: false }
    }

    /// By this plan and no other: refused, with the differences, when it no longer holds.
    #[must_use]
    pub fn of(plan: &LinkPlan) -> Self {
        let id = |side: &str| plan.document.pointer(&format!("/{side}/id")).and_then(Value::as_str).unwrap_or_default();
        Self { plan_digest: Some(plan.digest.clone()), ..Self::new(id("workspace"), id("organization")) }
    }

    /// With these warnings acknowledged; all of the plan's must be.
    #[must_use]
    pub fn acknowledge(mut self, codes: impl IntoIterator<Item = WarningCode>) -> Self {
        self.acknowledge.extend(codes);
        self
    }

    /// With every warning acknowledged, whatever it says; recorded as such.
    #[must_use]
    pub fn acknowledge_all(mut self) -> Self {
        self.acknowledge_all = true;
        self
    }
}

/// The link that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Linked {
    pub link: NewLink,
    /// What changed between the plan and the link without being a reason to refuse.
    pub changes_since_plan: Vec<Value>,
}

/// A new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewLink {
    pub id: String,
    /// Its slug.
    pub workspace: String,
    /// Its slug.
    pub organization: String,
    pub linked_at: String,
    /// The address of whoever linked it.
    pub linked_by: String,
    pub plan_digest: String,
    pub access_digest: String,
    /// An earlier request with the same key made it.
    pub already_existed: bool,
}

/// What undoing a link would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UndoPlan {
    pub digest: String,
    /// The material facts, as the digest covers them.
    pub document: Value,
    /// Until when it can be undone; none where operators end it.
    pub undo_until: Option<String>,
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Undone {
    pub links: i64,
    /// Organizations that were made for them and that nobody needs any more.
    pub organizations: i64,
    /// No longer to be undone.
    pub kept: i64,
}

impl Client {
    /// Links a workspace to an organization. With a key it can be sent again after anything and is done once.
    pub async fn link_workspace(&self, wanted: &LinkRequest, idempotency_key: Option<&str>) -> Result<Linked, Error> {
        self.post("/links", wanted, idempotency_key).await
    }

    /// A link by its id, from either side.
    pub async fn view_link(&self, link: &str) -> Result<Link, Error> {
        self.get(&format!("/links/{}", segment(link))).await
    }

    /// The link of a workspace; `not_found` when it is not linked.
    pub async fn view_workspace_link(&self, workspace: &str) -> Result<Link, Error> {
        self.get(&format!("/workspaces/{}/link", segment(workspace))).await
    }

    /// What taking back the link of a workspace would do, while its undo window lasts.
    pub async fn plan_undo(&self, workspace: &str) -> Result<UndoPlan, Error> {
        self.get(&undo(workspace)).await
    }

    /// Takes back the link of a workspace: by the plan with this digest, or by whatever it is.
    pub async fn undo_link(
        &self,
        workspace: &str,
        plan_digest: Option<&str>,
        reason: Option<&str>,
    ) -> Result<Undone, Error> {
        self.post(&undo(workspace), &json!({ "plan_digest": plan_digest, "reason": reason }), None).await
    }
}

fn undo(workspace: &str) -> String {
    format!("/workspaces/{}/link/undo", segment(workspace))
}
