//! Break-glass: two operators end a link.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::consent;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::ProposalJson;
use crate::v1::links::{UndoPlanJson, parse_digest};

/// Why a link is to be ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlinkBody {
    /// Everybody concerned reads it.
    reason: String,
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
}

/// What ending the link of a workspace would do, for an operator. Scope: `read`, and `operator`.
#[utoipa::path(get, path = "/workspaces/{workspace}/unlink", tag = "proposals",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UndoPlanJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked")))]
pub async fn plan_unlink(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<UndoPlanJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(UndoPlanJson::of(consent::plan_unlink(&app, &principal, &workspace).await?)))
}

/// Propose to end the link of a workspace, whatever its policy says, as the first of two operators. Scope: `link`, and `operator`.
///
/// A second operator agrees at `POST /proposals/{proposal}/consent`, with a reason; then it is ended.
#[utoipa::path(post, path = "/workspaces/{workspace}/unlink", tag = "proposals", request_body = UnlinkBody,
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 201, body = ProposalJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked, proposal_open, plan_changed, second_person_required")))]
pub async fn propose_unlink(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    JsonBody(body): JsonBody<UnlinkBody>,
) -> Result<(StatusCode, Json<ProposalJson>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let shown = body.plan_digest.as_deref().map(parse_digest).transpose()?;
    let id = consent::propose_unlink(&app, &principal, &workspace, &body.reason, shown).await?;
    let view = consent::view_proposal(&app, &principal, &id.to_string()).await?;
    Ok((StatusCode::CREATED, Json(ProposalJson::of(view))))
}
