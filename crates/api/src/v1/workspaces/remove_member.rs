//! Takes somebody out of a workspace.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Take somebody, or yourself, out of every group of a workspace, with every grant of their own. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/members/{account}", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id"), ("account" = String, Path, description = "Address or id of a member"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin, moved_to_organization"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, account)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = workspace::remove_member(&app, &principal, &workspace, &account, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
