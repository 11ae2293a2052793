//! Makes a plan.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::link;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::PlanJson;

/// What would be linked to what, each by slug or id.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    workspace: String,
    organization: String,
}

/// The plan that was made.
#[derive(Serialize, ToSchema)]
pub struct PlanCreated {
    plan: PlanJson,
}

/// Exactly what linking would do, with a digest to link by. Changes nothing. Scope: `link`.
#[utoipa::path(post, path = "/link-plans", tag = "links", request_body = PlanRequest,
    responses((status = 201, body = PlanCreated), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn make_plan(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(wanted): JsonBody<PlanRequest>,
) -> Result<(StatusCode, Json<PlanCreated>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let plan = link::make_plan(&app, &principal, &wanted.workspace, &wanted.organization).await?;
    Ok((StatusCode::CREATED, Json(PlanCreated { plan: PlanJson::of(&plan) })))
}
