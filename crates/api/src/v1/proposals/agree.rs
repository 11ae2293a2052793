//! Agrees to a proposal for one side.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use orglink_app::consent::{self, ConsentRequest, Consented};
use orglink_app::link::Acknowledge;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::propose::parse_side;
use crate::v1::idempotency_key;
use crate::v1::links::parse_digest;

/// What you agree to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
    /// The codes of the plan's warnings, all of them.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledges every warning, and is recorded as such.
    #[serde(default)]
    acknowledge_all: bool,
    /// `workspace`, `source`, `organization`, `approver`, `payer`, `operator` or `second_operator`; when absent, the first of yours that is wanted.
    side: Option<String>,
    /// Why, of an operator who ends a link; everybody concerned reads it.
    reason: Option<String>,
}

/// What was agreed to.
#[derive(Serialize, ToSchema)]
pub struct ConsentedJson {
    /// The proposal's id.
    proposal: String,
    side: String,
    plan_digest: String,
    /// The sides that are still to agree; none when it is linked now.
    missing: Vec<String>,
    /// The id of the link, when this was the last consent that was missing.
    link: Option<String>,
    workspace: String,
    organization: String,
}

impl ConsentedJson {
    fn of(answer: Consented) -> Self {
        Self {
            proposal: answer.proposal.to_string(),
            side: answer.side.to_string(),
            plan_digest: answer.plan_digest.to_string(),
            missing: answer.missing.iter().map(ToString::to_string).collect(),
            link: answer.link.map(|id| id.to_string()),
            workspace: answer.workspace,
            organization: answer.organization,
        }
    }
}

/// Agree to a proposal for your side. The last consent that was missing does what is proposed. Scope: `link`.
#[utoipa::path(post, path = "/proposals/{proposal}/consent", tag = "proposals", request_body = ConsentBody,
    params(("proposal" = String, Path, description = "Id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 200, body = ConsentedJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "proposal_not_open, already_agreed, second_person_required, not_linked, plan_changed, warnings_not_acknowledged, consent_is_one_person, or a reason of eligibility"),
        (status = 422, body = Problem)))]
pub async fn consent_to_proposal(
    State(app): State<AppState>,
    caller: Caller,
    Path(proposal): Path<String>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ConsentBody>,
) -> Result<Json<ConsentedJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let request = ConsentRequest {
        plan_digest: body.plan_digest.as_deref().map(parse_digest).transpose()?,
        acknowledge: if body.acknowledge_all { Acknowledge::All } else { Acknowledge::Codes(body.acknowledge) },
        side: parse_side(body.side.as_deref())?,
        reason: body.reason,
    };
    let answered = consent::consent(&app, &principal, &proposal, &request, idempotency_key(&headers)?).await?;
    Ok(Json(ConsentedJson::of(answered.answer)))
}
