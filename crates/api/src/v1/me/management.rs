//! Saying no to being managed.

use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::domain_claim;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// An objection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagementObjection {
    /// Why not; the organization's admins read it.
    reason: String,
}

/// Object to the claim of your account (`management` in `GET /me`), before it takes effect: then it does not, until it is withdrawn.
/// Scope: `write`.
#[utoipa::path(post, path = "/me/management/object", tag = "account", request_body = ManagementObjection,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "no_claim, already_objected, already_managed")))]
pub async fn object_to_claim(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody<ManagementObjection>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    domain_claim::object_to_claim(&app, &principal, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
