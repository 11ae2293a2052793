//! Gives groups and members something on a repository, or takes it back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::repository::{Grantee, change_grant};
use orglink_domain::token::Scope;
use orglink_domain::workspace::Permission;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

/// What to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// `none`, `read`, `write` or `admin`.
    #[schema(value_type = String)]
    permission: Permission,
}

/// Give a group this permission on a repository, instead of its default. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/repositories/{repository}/groups/{group}", tag = "repositories", request_body = GrantRequest,
    params(("workspace" = String, Path, description = "Slug or id"), ("repository" = String, Path, description = "Slug"),
        ("group" = String, Path, description = "Slug"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn grant_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, repository, group)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<GrantRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let (at, to) = ((workspace.as_str(), repository.as_str()), Grantee::Group(&group));
    let version = change_grant(&app, &principal, at, to, Some(wanted.permission), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take back what a group was given on a repository: its default holds again. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/repositories/{repository}/groups/{group}", tag = "repositories",
    params(("workspace" = String, Path, description = "Slug or id"), ("repository" = String, Path, description = "Slug"),
        ("group" = String, Path, description = "Slug"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn revoke_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, repository, group)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let (at, to) = ((workspace.as_str(), repository.as_str()), Grantee::Group(&group));
    let version = change_grant(&app, &principal, at, to, None, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Give a member of the workspace this permission on a repository. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/repositories/{repository}/members/{account}", tag = "repositories", request_body = GrantRequest,
    params(("workspace" = String, Path, description = "Slug or id"), ("repository" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id of a member"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn grant_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, repository, account)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<GrantRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let (at, to) = ((workspace.as_str(), repository.as_str()), Grantee::Member(&account));
    let version = change_grant(&app, &principal, at, to, Some(wanted.permission), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take back what a member was given directly on a repository. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/repositories/{repository}/members/{account}", tag = "repositories",
    params(("workspace" = String, Path, description = "Slug or id"), ("repository" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id of a member"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn revoke_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, repository, account)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let (at, to) = ((workspace.as_str(), repository.as_str()), Grantee::Member(&account));
    let version = change_grant(&app, &principal, at, to, None, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
