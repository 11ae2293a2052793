//! Declines, withdraws, reminds.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::Principal;
use orglink_app::consent;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::ProposalJson;

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineProposal {
    /// Whoever proposed it reads it.
    reason: String,
}

/// Decline a proposal, with a reason, as one of those who are asked. Scope: `link`.
#[utoipa::path(post, path = "/proposals/{proposal}/decline", tag = "proposals", request_body = DeclineProposal,
    params(("proposal" = String, Path, description = "Id")),
    responses((status = 200, body = ProposalJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "proposal_not_open, withdraw_instead")))]
pub async fn decline_proposal(
    State(app): State<AppState>,
    caller: Caller,
    Path(proposal): Path<String>,
    JsonBody(why): JsonBody<DeclineProposal>,
) -> Result<Json<ProposalJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    consent::decline(&app, &principal, &proposal, &why.reason).await?;
    shown(&app, &principal, &proposal).await
}

/// Withdraw what your side proposed. Scope: `link`.
#[utoipa::path(post, path = "/proposals/{proposal}/withdraw", tag = "proposals",
    params(("proposal" = String, Path, description = "Id")),
    responses((status = 200, body = ProposalJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "proposal_not_open, decline_instead")))]
pub async fn withdraw_proposal(
    State(app): State<AppState>,
    caller: Caller,
    Path(proposal): Path<String>,
) -> Result<Json<ProposalJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    consent::withdraw(&app, &principal, &proposal).await?;
    shown(&app, &principal, &proposal).await
}

/// Ask those who have not agreed again, once a day at most. Scope: `link`.
#[utoipa::path(post, path = "/proposals/{proposal}/remind", tag = "proposals",
    params(("proposal" = String, Path, description = "Id")),
    responses((status = 200, body = ProposalJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "proposal_not_open, reminded_already")))]
pub async fn remind_of_proposal(
    State(app): State<AppState>,
    caller: Caller,
    Path(proposal): Path<String>,
) -> Result<Json<ProposalJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    consent::remind(&app, &principal, &proposal).await?;
    shown(&app, &principal, &proposal).await
}

/// The proposal as it is after something was done to it.
async fn shown(app: &AppState, principal: &Principal, id: &str) -> Result<Json<ProposalJson>, Failure> {
    Ok(Json(ProposalJson::of(consent::view_proposal(app, principal, id).await?)))
}
