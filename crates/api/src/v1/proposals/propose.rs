//! Proposes a link for one side.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use orglink_app::Error;
use orglink_app::consent::{self, PairNamed, ProposeRequest};
use orglink_app::link::Acknowledge;
use orglink_domain::consent::Side;
use orglink_domain::link::Act;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::ProposalJson;
use crate::v1::idempotency_key;
use crate::v1::link_plans::PlanJson;
use crate::v1::links::parse_digest;

/// The two that are to be linked: each by slug or id, or one of them by the code that its side handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PairBody {
    /// `link` when absent, or `transfer`.
    act: Option<String>,
    workspace: Option<String>,
    organization: Option<String>,
    /// A link code.
    code: Option<String>,
}

/// The plan for two that may be proposed.
#[derive(Serialize, ToSchema)]
pub struct PreviewJson {
    plan: PlanJson,
    /// The sides that you can propose for.
    sides: Vec<String>,
}

/// What is proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeBody {
    /// `link` when absent, or `transfer`: to move what is linked to another organization.
    act: Option<String>,
    /// Slug or id; none with a link code of its side.
    workspace: Option<String>,
    /// Slug or id; none with a link code of its side.
    organization: Option<String>,
    /// A link code.
    code: Option<String>,
    /// `workspace`, `organization` or (of a move) `source`: for which side, by whoever administers several.
    side: Option<String>,
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
    /// The codes of the plan's warnings, all of them.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledges every warning, and is recorded as such.
    #[serde(default)]
    acknowledge_all: bool,
    /// For whoever is asked; plain text.
    message: Option<String>,
    /// The address of whoever is to pay and must agree.
    payer: Option<String>,
}

/// What is proposed, as it is sent.
fn parse_act(text: Option<&str>) -> Result<Act, Error> {
    match text.unwrap_or("link") {
        "link" => Ok(Act::Link),
        "transfer" => Ok(Act::Transfer),
        _ => Err(Error::field("act", "what is proposed is `link` or `transfer`")),
    }
}

/// A side, as it is sent.
pub fn parse_side(text: Option<&str>) -> Result<Option<Side>, Error> {
    text.filter(|t| !t.is_empty())
        .map(|t| t.parse().map_err(|e: orglink_domain::text::UnknownWord| Error::field("side", e.to_string())))
        .transpose()
}

/// What linking two, or a move, would do, for an admin of one side: the plan that a proposal is about. Does nothing. Scope: `link`.
#[utoipa::path(post, path = "/proposals/preview", tag = "proposals", request_body = PairBody,
    responses((status = 200, body = PreviewJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "consent_is_one_person, link_code_invalid, not_linked, link_cannot_be_moved"), (status = 422, body = Problem)))]
pub async fn preview_proposal(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody<PairBody>,
) -> Result<Json<PreviewJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let named = PairNamed { workspace: body.workspace, organization: body.organization, code: body.code };
    let act = parse_act(body.act.as_deref())?;
    let (view, sides) = consent::preview(&app, &principal, &named, act).await?;
    let sides = sides.iter().map(ToString::to_string).collect();
    Ok(Json(PreviewJson { plan: PlanJson::of(&view), sides }))
}

/// Propose a link or a move, as an admin of one side: your consent to the plan. The other side's admins are told. Scope: `link`.
#[utoipa::path(post, path = "/proposals", tag = "proposals", request_body = ProposeBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = ProposalJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "consent_is_one_person, both_roles, not_linked, link_cannot_be_moved, proposal_open, too_many_proposals, plan_changed, warnings_not_acknowledged, link_code_invalid, or a reason of eligibility"),
        (status = 422, body = Problem)))]
pub async fn propose_link(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ProposeBody>,
) -> Result<(StatusCode, Json<ProposalJson>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let request = ProposeRequest {
        act: parse_act(body.act.as_deref())?,
        pair: PairNamed { workspace: body.workspace, organization: body.organization, code: body.code },
        side: parse_side(body.side.as_deref())?,
        plan_digest: body.plan_digest.as_deref().map(parse_digest).transpose()?,
        acknowledge: if body.acknowledge_all { Acknowledge::All } else { Acknowledge::Codes(body.acknowledge) },
        message: body.message,
        payer: body.payer,
    };
    let made = consent::propose(&app, &principal, &request, idempotency_key(&headers)?).await?;
    let view = consent::view_proposal(&app, &principal, &made.answer.id.to_string()).await?;
    Ok((StatusCode::CREATED, Json(ProposalJson::of(view))))
}
