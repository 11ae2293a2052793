//! Rehearses a campaign.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::{Error, campaign};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::RunJson;

/// Of when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalBody {
    /// A day like 2026-03-16; the day of automatic linking (or today, when that is past) when absent.
    on: Option<String>,
}

/// What would happen on a day, as things are now: decided by the same rules into the same table, and nothing else changes. Kept
/// for 30 days. Scope: `operator`.
#[utoipa::path(post, path = "/campaigns/{campaign}/rehearsals", tag = "campaigns", request_body = RehearsalBody,
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 201, body = RunJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn rehearse_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<RehearsalBody>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let day = body.on.map(|day| day.parse()).transpose();
    let day = day.map_err(|e: orglink_domain::day::InvalidDay| Error::field("on", e.to_string()))?;
    let view = campaign::rehearse_campaign(&app, &principal, &name, day).await?;
    Ok((StatusCode::CREATED, Json(RunJson::of(view))))
}
