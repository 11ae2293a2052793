//! Deletes a user group.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::user_group;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Delete a user group of a workspace you administer: its members lose what they had through it. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/user-groups/{group}", tag = "user groups",
    params(("workspace" = String, Path, description = "Slug or id"), ("group" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_user_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, group)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = user_group::delete_group(&app, &principal, (&workspace, &group), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
