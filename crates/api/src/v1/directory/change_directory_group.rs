//! Makes, renames, deletes and attaches groups of a directory.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::directory::{self, NewDirectoryGroup};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::DirectoryGroupJson;
use crate::v1::idempotency_key;

/// A group that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryGroupRequest {
    name: String,
    /// Made from the name when absent; cannot be changed later.
    slug: Option<String>,
}

/// Make a group in the directory of an organization, for its admins and user access admins. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/directory/groups", tag = "directory", request_body = DirectoryGroupRequest,
    params(("organization" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = DirectoryGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "slug_taken"), (status = 422, body = Problem)))]
pub async fn create_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<DirectoryGroupRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let wanted = NewDirectoryGroup { name: wanted.name, slug: wanted.slug };
    let key = idempotency_key(&headers)?;
    let made = directory::create_directory_group(&app, &principal, &organization, &wanted, key).await?;
    let (organization, view) = directory::view_directory_group(&app, &principal, (&organization, &made.answer)).await?;
    Ok((StatusCode::CREATED, etag(organization.version), Json(DirectoryGroupJson::of(&view))))
}

/// What is to be different.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryGroupPatch {
    name: String,
}

/// Call a group of the directory otherwise; its slug stays. Scope: `write`.
#[utoipa::path(patch, path = "/organizations/{organization}/directory/groups/{directory_group}", tag = "directory", request_body = DirectoryGroupPatch,
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 200, body = DirectoryGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn rename_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<DirectoryGroupPatch>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let of = (organization.as_str(), group.as_str());
    directory::rename_directory_group(&app, &principal, of, &wanted.name, expected).await?;
    let (organization, view) = directory::view_directory_group(&app, &principal, of).await?;
    Ok((etag(organization.version), Json(DirectoryGroupJson::of(&view))))
}

/// Delete a group of the directory that no workspace's group is attached to. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/directory/groups/{directory_group}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "directory_group_in_use"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = directory::delete_directory_group(&app, &principal, (&organization, &group), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Bring a group of the directory into a workspace whose users have migrated: as a user group with the same slug, which may do nothing there until the workspace's
/// admins say so. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/directory/groups/{directory_group}/workspaces/{workspace}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"),
        ("workspace" = String, Path, description = "Slug or id of a workspace that is linked to it")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "users_not_migrated, slug_taken")))]
pub async fn attach_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group, workspace)): Path<(String, String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = directory::attach_directory_group(&app, &principal, (&organization, &group), &workspace).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
