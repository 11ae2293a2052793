//! Links a workspace to an organization.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use orglink_app::idempotency::Answered;
use orglink_app::link::{self, Acknowledge, LinkAnswer, LinkRequest};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::parse_digest;
use crate::v1::idempotency_key;

/// What is to be linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkBody {
    /// Slug or id.
    workspace: String,
    /// Slug or id.
    organization: String,
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
    /// The codes of the plan's warnings, all of them.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledges every warning, and is recorded as such.
    #[serde(default)]
    acknowledge_all: bool,
}

/// The link that was made.
#[derive(Serialize, ToSchema)]
pub struct LinkCreated {
    link: NewLink,
    /// What changed between the plan and the link without being a reason to refuse: ordinary members, repositories.
    #[schema(value_type = Vec<Object>)]
    changes_since_plan: Vec<Value>,
}

/// A new link.
#[derive(Serialize, ToSchema)]
pub struct NewLink {
    id: String,
    /// The slug of the workspace.
    workspace: String,
    /// The slug of the organization.
    organization: String,
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// The address of whoever linked it.
    linked_by: String,
    plan_digest: String,
    access_digest: String,
    /// The link was made by an earlier request with the same idempotency key.
    already_existed: bool,
}

impl NewLink {
    pub fn of(answered: Answered<LinkAnswer>) -> Self {
        let answer = answered.answer;
        Self {
            id: answer.id.to_string(),
            workspace: answer.workspace,
            organization: answer.organization,
            linked_at: answer.linked_at,
            linked_by: answer.linked_by,
            plan_digest: answer.plan_digest.to_string(),
            access_digest: answer.access_digest.to_string(),
            already_existed: answered.is_replay,
        }
    }
}

/// Link a workspace to an organization, once and for all. Scope: `link`.
///
/// Whoever links is admin of both. Refused with every reason of eligibility (the first is the code), with
/// `plan_changed` and the differences when what was shown no longer holds, with `plan_expired`, or with
/// `warnings_not_acknowledged`.
#[utoipa::path(post, path = "/links", tag = "links", request_body = LinkBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = LinkCreated), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn link_workspace(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<LinkBody>,
) -> Result<(StatusCode, Json<LinkCreated>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let plan_digest = body.plan_digest.as_deref().map(parse_digest).transpose()?;
    let acknowledge = if body.acknowledge_all { Acknowledge::All } else { Acknowledge::Codes(body.acknowledge) };
    let request = LinkRequest { workspace: body.workspace, organization: body.organization, plan_digest, acknowledge };
    let answered = link::link_workspace(&app, &principal, &request, idempotency_key(&headers)?).await?;
    let changes_since_plan = answered.answer.changes_since_plan.clone();
    Ok((StatusCode::CREATED, Json(LinkCreated { link: NewLink::of(answered), changes_since_plan })))
}
