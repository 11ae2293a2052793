//! Says of notifications that they are read.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::inbox;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadJson {
    is_read: bool,
}

/// Mark one as read, or as unread again. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(patch, path = "/notifications/{notification}", tag = "account", request_body = ReadJson,
    params(("notification" = String, Path, description = "Id")),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn change_notification(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(wanted): JsonBody<ReadJson>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    inbox::change_notification(&app, &principal, &id, wanted.is_read).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadAllJson {
    /// The newest that you have seen: what came later stays unread. Everything when absent.
    up_to: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ReadCountJson {
    /// How many were unread.
    read: u64,
}

/// Mark everything as read. Scope: `write`.
#[utoipa::path(post, path = "/notifications/read-all", tag = "account", request_body = ReadAllJson,
    responses((status = 200, body = ReadCountJson), (status = 400, body = Problem)))]
pub async fn read_all_notifications(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(wanted): JsonBody<ReadAllJson>,
) -> Result<Json<ReadCountJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let read = inbox::read_all_notifications(&app, &principal, wanted.up_to.as_deref()).await?;
    Ok(Json(ReadCountJson { read }))
}
