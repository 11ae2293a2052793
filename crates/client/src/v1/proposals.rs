//! Links that several people agree to, each to the same plan.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AT_ONCE;
use super::links::UndoPlan;
use super::plans::{LinkPlan, WarningCode};
use super::users::UsersPlan;
use crate::request::with_query;
use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// What is proposed.
    ProposalAct { Link = "link", Transfer = "transfer", Unlink = "unlink", MigrateUsers = "migrate_users" }
}
words! {
    ProposalState {
        Open = "open",
        /// Every side agreed: it was done.
        Done = "done",
        Declined = "declined",
        Withdrawn = "withdrawn",
        Expired = "expired",
        /// The workspace was linked otherwise, or one of the two is gone.
        Superseded = "superseded",
    }
}
words! {
    /// Who agrees, and as what.
    Side {
        Workspace = "workspace",
        Organization = "organization",
        /// The organization that the workspace leaves.
        Source = "source",
        Approver = "approver",
        Payer = "payer",
        Operator = "operator",
        SecondOperator = "second_operator",
        /// One person who administers both, and decided alone.
        Both = "both",
    }
}
words! {
    /// What is still to be done about a side.
    Agreement {
        Missing = "missing",
        Given = "given",
        /// To what the plan was; it has changed since.
        Outdated = "outdated",
        NotASecondPerson = "not_a_second_person",
        NoLongerEntitled = "no_longer_entitled",
    }
}

/// What a proposal is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProposalSummary {
    pub id: String,
    pub act: ProposalAct,
    pub state: ProposalState,
    /// Its slug.
    pub workspace: String,
    /// Its slug.
    pub organization: String,
    pub proposed_from: Side,
    pub message: Option<String>,
    /// The address of whoever is to agree as payer.
    pub payer: Option<String>,
    pub created_at: String,
    pub expires_at: String,
    pub reminded_at: Option<String>,
    pub ended_at: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
}

/// A proposal in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProposalListed {
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// The sides that have agreed: to the plan as it is, while the proposal is open.
    pub agreed: Vec<Side>,
    /// One can agree for a side that is still missing.
    pub waits_for_you: bool,
}

/// A proposal with what each side has agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Proposal {
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// The name of whoever proposed it.
    pub proposed_by: String,
    /// The slug of the organization that the workspace leaves, of a move.
    pub source: Option<String>,
    pub sides: Vec<ProposalSide>,
    /// The plan as it is now, while the proposal is open.
    pub plan: Option<LinkPlan>,
    /// The same of a link that is to be ended by operators.
    pub unlink_plan: Option<UndoPlan>,
    /// The same of users that are to migrate.
    pub users_plan: Option<UsersPlan>,
    pub may_withdraw: bool,
    pub may_decline: bool,
}

/// One side that must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProposalSide {
    pub side: Side,
    pub agreement: Agreement,
    /// The name of whoever agreed.
    pub by: Option<String>,
    pub at: Option<String>,
    pub plan_digest: Option<String>,
    /// Why, of an operator who ends a link.
    pub reason: Option<String>,
    /// What has changed since they agreed.
    pub differences: Vec<Value>,
    /// One can agree for it now.
    pub is_yours: bool,
}

/// What is agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ConsentRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_digest: Option<String>,
    acknowledge: Vec<WarningCode>,
    acknowledge_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<Side>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl ConsentRequest {
    /// To the plan with this digest and no other.
    #[must_use]
    pub fn to(plan_digest: &str) -> Self {
        Self { plan_digest: Some(plan_digest.to_owned()), ..Self::default() }
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

    /// For this side; otherwise the first of one's own that is wanted.
    #[must_use]
    pub fn side(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    /// Why, of an operator who ends a link.
    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }
}

/// What was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Consented {
    /// The proposal's id.
    pub proposal: String,
    pub side: Side,
    pub plan_digest: String,
    /// The sides that are still to agree; none when it is done now.
    pub missing: Vec<Side>,
    /// The id of the link, when this was the last consent that was missing.
    pub link: Option<String>,
    /// Its slug.
    pub workspace: String,
    /// Its slug.
    pub organization: String,
}

impl Client {
    /// The proposals in which one has a say, newest first; those in one state, or all.
    pub fn list_my_proposals(&self, state: Option<&ProposalState>) -> List<ProposalListed> {
        let state = state.map(ProposalState::as_str);
        self.list(&with_query("/proposals", &[("limit", AT_ONCE), ("state", state)]))
    }

    /// A proposal by its id, with the plan as it is now and what each side has agreed to.
    pub async fn view_proposal(&self, proposal: &str) -> Result<Proposal, Error> {
        self.get(&format!("/proposals/{}", segment(proposal))).await
    }

    /// Agrees to a proposal. The last consent that was missing does what is proposed.
    pub async fn consent_to_proposal(
        &self,
        proposal: &str,
        consent: &ConsentRequest,
        idempotency_key: Option<&str>,
    ) -> Result<Consented, Error> {
        self.post(&format!("/proposals/{}/consent", segment(proposal)), consent, idempotency_key).await
    }
}
