//! Approves, declines and withdraws access requests.

use axum::Json;
use orglink_app::access_request;
use orglink_http::{Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AccessRequestJson, shown};
use crate::v1::Acting;

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
        (status = 409, body = Problem, description = "request_not_open, asker_not_verified, asker_suspended, no_admin_group")))]
pub async fn approve_access_request(
    on: Acting,
    JsonBody(how): JsonBody<ApproveRequest>,
) -> Result<Json<AccessRequestJson>, Failure> {
    access_request::approve_request(&on.app, &on.principal, &on.id, how.group.as_deref()).await?;
    shown(&on).await
}

/// Decline a request, with a reason. Scope: `write`.
#[utoipa::path(post, path = "/access-requests/{request}/decline", tag = "people", request_body = DeclineRequest,
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = AccessRequestJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "request_not_open")))]
pub async fn decline_access_request(
    on: Acting,
    JsonBody(why): JsonBody<DeclineRequest>,
) -> Result<Json<AccessRequestJson>, Failure> {
    access_request::decline_request(&on.app, &on.principal, &on.id, &why.reason).await?;
    shown(&on).await
}

/// Withdraw a request of yours. Scope: `write`.
#[utoipa::path(post, path = "/access-requests/{request}/withdraw", tag = "people",
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = AccessRequestJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "request_not_open")))]
pub async fn withdraw_access_request(on: Acting) -> Result<Json<AccessRequestJson>, Failure> {
    access_request::withdraw_request(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}
