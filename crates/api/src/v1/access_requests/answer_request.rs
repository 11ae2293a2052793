//! Approves, declines and withdraws access requests.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::access_request;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::AccessRequestJson;

/// How to say yes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRequest {
    /// Of a workspace: which user group with the *Admin* lozenge; its first by slug when absent.
    group: Option<String>,
}

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineRequest {
    /// Whoever asked reads it.
    reason: String,
}

/// Approve a request: whoever asked becomes exactly what they asked to be. Scope: `write`.
#[utoipa::path(post, path = "/access-requests/{request}/approve", tag = "people", request_body = ApproveRequest,
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = AccessRequestJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "request_not_open, asker_not_verified, no_admin_group")))]
pub async fn approve_access_request(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(how): JsonBody<ApproveRequest>,
) -> Result<Json<AccessRequestJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    access_request::approve_request(&app, &principal, &id, how.group.as_deref()).await?;
    Ok(Json(AccessRequestJson::of(access_request::view_request(&app, &principal, &id).await?)))
}

/// Decline a request, with a reason. Scope: `write`.
#[utoipa::path(post, path = "/access-requests/{request}/decline", tag = "people", request_body = DeclineRequest,
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = AccessRequestJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "request_not_open")))]
pub async fn decline_access_request(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(why): JsonBody<DeclineRequest>,
) -> Result<Json<AccessRequestJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    access_request::decline_request(&app, &principal, &id, &why.reason).await?;
    Ok(Json(AccessRequestJson::of(access_request::view_request(&app, &principal, &id).await?)))
}

/// Withdraw a request of yours. Scope: `write`.
#[utoipa::path(post, path = "/access-requests/{request}/withdraw", tag = "people",
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = AccessRequestJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "request_not_open")))]
pub async fn withdraw_access_request(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AccessRequestJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    access_request::withdraw_request(&app, &principal, &id).await?;
    Ok(Json(AccessRequestJson::of(access_request::view_request(&app, &principal, &id).await?)))
}
