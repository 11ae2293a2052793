//! More time for one workspace.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::Error;
use orglink_app::campaign::{self, NewPostponement};
use orglink_domain::campaign::Purpose;
use orglink_domain::clock::Timestamp;
use orglink_domain::text::UnknownWord;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How much time, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostponementBody {
    /// Not linked by itself before this day ends: 2026-04-10.
    until: String,
    /// The operator reads it.
    reason: String,
}

/// More time for what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PurposeQuery {
    /// `link` when absent, or `billing` or `users`: their migration.
    purpose: Option<String>,
}

impl PurposeQuery {
    fn read(&self) -> Result<Purpose, Error> {
        let given = self.purpose.as_deref().map(str::parse).transpose();
        let given = given.map_err(|e: UnknownWord| Error::field("purpose", e.to_string()))?;
        Ok(given.unwrap_or(Purpose::Link))
    }
}

/// Until when a workspace is not linked, or migrated, by itself.
#[derive(Serialize, ToSchema)]
pub struct PostponementJson {
    #[schema(value_type = String, format = DateTime)]
    postponed_until: Timestamp,
}

/// Ask for more time for a workspace you administer. It is given at once while the campaign's budget lasts. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/postponement", tag = "linking date", request_body = PostponementBody,
    params(("workspace" = String, Path, description = "Slug or id"), PurposeQuery),
    responses((status = 200, body = PostponementJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_campaign, campaign_decided, postponement_budget_spent")))]
pub async fn postpone_linking(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<PurposeQuery>,
    JsonBody(body): JsonBody<PostponementBody>,
) -> Result<Json<PostponementJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let until = body.until.parse();
    let until = until.map_err(|e: orglink_domain::day::InvalidDay| Error::field("until", e.to_string()))?;
    let wanted = NewPostponement { until, reason: body.reason };
    let postponed_until = campaign::postpone(&app, &principal, &workspace, query.read()?, &wanted).await?;
    Ok(Json(PostponementJson { postponed_until }))
}

/// Give the time back. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/postponement", tag = "linking date",
    params(("workspace" = String, Path, description = "Slug or id"), PurposeQuery),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_campaign, campaign_decided")))]
pub async fn withdraw_postponement(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<PurposeQuery>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    campaign::withdraw_postponement(&app, &principal, &workspace, query.read()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
