//! The steps that are an operator's to take.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::campaign::{self, StepRequest};
use orglink_domain::campaign::CampaignStep;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CampaignJson;
use crate::v1::links::UndoneJson;

/// A step that is to be taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    /// `announce`, `pause`, `resume` or `cancel`.
    #[schema(value_type = String)]
    step: CampaignStep,
    /// Why; everybody who looks at the campaign reads it.
    reason: Option<String>,
}

/// Announce, pause, resume or cancel a campaign. Scope: `operator`.
#[utoipa::path(post, path = "/campaigns/{campaign}/steps", tag = "campaigns", request_body = StepBody,
    params(("campaign" = String, Path, description = "Name or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 200, body = CampaignJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "campaign_not_now"),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn step_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(body): JsonBody<StepBody>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let request = StepRequest { step: body.step, reason: body.reason };
    let after = campaign::step_campaign(&app, &principal, &name, &request, expected).await?;
    Ok((etag(after.version), Json(CampaignJson::of(&after))))
}

/// How many are tried again.
#[derive(Serialize, ToSchema)]
pub struct RetriedJson {
    retried: u64,
}

/// Try again what failed. Scope: `operator`.
#[utoipa::path(post, path = "/campaigns/{campaign}/retry", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 200, body = RetriedJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "nothing_failed, campaign_not_now")))]
pub async fn retry_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<RetriedJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(RetriedJson { retried: campaign::retry_failed(&app, &principal, &name).await? }))
}

/// What is to be taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoBody {
    /// Only this wave.
    wave: Option<i64>,
    /// Why; everybody concerned reads it.
    reason: String,
}

/// Take back what the run has linked, as far as the campaign's undo window allows. Scope: `operator`.
#[utoipa::path(post, path = "/campaigns/{campaign}/undo", tag = "campaigns", request_body = UndoBody,
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 200, body = UndoneJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn undo_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<UndoBody>,
) -> Result<Json<UndoneJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(UndoneJson::of(campaign::undo_run(&app, &principal, &name, body.wave, &body.reason).await?)))
}
