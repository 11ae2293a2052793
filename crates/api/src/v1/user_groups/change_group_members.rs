//! Adds people to a user group and takes them out.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::user_group;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Add a member of the workspace to a group. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/user-groups/{group}/members/{account}", tag = "user groups",
    params(("workspace" = String, Path, description = "Slug or id"), ("group" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id of a member")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_a_member, moved_to_organization")))]
pub async fn add_group_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, group, account)): Path<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    user_group::add_members(&app, &principal, (&workspace, &group), &[account]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take somebody, or yourself, out of a group. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/user-groups/{group}/members/{account}", tag = "user groups",
    params(("workspace" = String, Path, description = "Slug or id"), ("group" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id of a member"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin, moved_to_organization"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_group_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, group, account)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = user_group::remove_member(&app, &principal, (&workspace, &group), &account, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
