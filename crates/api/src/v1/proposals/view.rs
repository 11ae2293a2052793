//! A proposal, as JSON.

use orglink_app::consent::{AgreementView, ProposalView, Waiting};
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Proposal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::v1::link_plans::PlanJson;
use crate::v1::links::UndoPlanJson;
use crate::v1::user_management::UsersPlanJson;

/// What a proposal is, in lists as well.
#[derive(Serialize, ToSchema)]
pub struct ProposalSummary {
    id: String,
    /// `link`, `transfer`, `unlink` or `migrate_users`.
    act: String,
    /// `open`, `done`, `declined`, `withdrawn`, `expired` or `superseded`.
    state: String,
    /// Its slug.
    workspace: String,
    /// Its slug.
    organization: String,
    /// `workspace`, `organization` or `source`.
    proposed_from: String,
    message: Option<String>,
    /// The address of whoever is to agree as payer.
    payer: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    reminded_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Why it was declined.
    reason: Option<String>,
}

impl ProposalSummary {
    fn of(proposal: &Proposal, state: String, workspace: &str, organization: &str) -> Self {
        Self {
            id: proposal.id.to_string(),
            act: proposal.act.to_string(),
            state,
            workspace: workspace.to_owned(),
            organization: organization.to_owned(),
            proposed_from: proposal.proposed_from.to_string(),
            message: proposal.message.clone(),
            payer: proposal.payer.clone(),
            created_at: proposal.created_at,
            expires_at: proposal.expires_at,
            reminded_at: proposal.reminded_at,
            ended_at: proposal.ended_at,
            reason: proposal.reason.clone(),
        }
    }
}

/// A proposal in a list.
#[derive(Serialize, ToSchema)]
pub struct ProposalListed {
    #[serde(flatten)]
    summary: ProposalSummary,
    /// The sides that have agreed: to the plan as it is, while the proposal is open.
    agreed: Vec<String>,
    /// You can agree for a side that is still missing.
    waits_for_you: bool,
}

impl ProposalListed {
    pub fn of(waiting: &Waiting) -> Self {
        let (w, o) = (&waiting.workspace.slug, &waiting.organization.slug);
        Self {
            summary: ProposalSummary::of(&waiting.proposal, waiting.state.to_string(), w, o),
            agreed: waiting.agreed.iter().map(ToString::to_string).collect(),
            waits_for_you: waiting.waits_for_me,
        }
    }
}

/// A proposal with what each side has agreed to.
#[derive(Serialize, ToSchema)]
pub struct ProposalJson {
    #[serde(flatten)]
    summary: ProposalSummary,
    /// The name of whoever proposed it.
    proposed_by: String,
    /// The slug of the organization that the workspace leaves, of a move.
    source: Option<String>,
    sides: Vec<SideJson>,
    /// The plan as it is now, while the proposal is open.
    plan: Option<PlanJson>,
    /// The same of a link that is to be ended by operators.
    unlink_plan: Option<UndoPlanJson>,
    /// The same of users that are to migrate.
    users_plan: Option<UsersPlanJson>,
    may_withdraw: bool,
    may_decline: bool,
}

/// One side that must agree.
#[derive(Serialize, ToSchema)]
pub struct SideJson {
    /// `workspace`, `source`, `organization`, `approver` or `payer`.
    side: String,
    /// `missing`, `given`, `outdated`, `not_a_second_person` or `no_longer_entitled`.
    agreement: String,
    /// The name of whoever agreed.
    by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    plan_digest: Option<String>,
    /// Why, of an operator who ends a link.
    reason: Option<String>,
    /// What has changed since they agreed.
    #[schema(value_type = Vec<Object>)]
    differences: Vec<Value>,
    /// You can agree for it now.
    is_yours: bool,
}

impl SideJson {
    fn of(view: &AgreementView) -> Self {
        let given = view.given.as_ref();
        Self {
            side: view.side.to_string(),
            agreement: view.agreement.to_string(),
            by: given.map(|_| view.by.clone()),
            at: given.map(|g| g.at),
            plan_digest: given.map(|g| g.plan_digest.to_string()),
            reason: given.and_then(|g| g.reason.clone()),
            differences: view.differences.iter().filter_map(|d| serde_json::to_value(d).ok()).collect(),
            is_yours: view.is_mine,
        }
    }
}

impl ProposalJson {
    pub fn of(view: ProposalView) -> Self {
        let (w, o) = (&view.workspace.slug, &view.organization.slug);
        Self {
            summary: ProposalSummary::of(&view.proposal, view.state.to_string(), w, o),
            proposed_by: view.proposed_by,
            source: view.source.as_ref().map(|source| source.slug.clone()),
            sides: view.sides.iter().map(SideJson::of).collect(),
            plan: view.plan.as_ref().map(PlanJson::of),
            unlink_plan: view.ends.map(UndoPlanJson::of),
            users_plan: view.users.as_ref().map(UsersPlanJson::of),
            may_withdraw: view.may_withdraw,
            may_decline: view.may_decline,
        }
    }
}
