//! Makes, renames, deletes and attaches groups of a directory: of an organization, or of one of its sites.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::IntoResponse;
use orglink_app::Expected;
use orglink_app::directory::{self, DirectoryOf, NewDirectoryGroup};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::DirectoryGroupJson;
use crate::v1::idempotency_key;

/// A status with the organization's version as `ETag`.
type Done<T> = (StatusCode, [(HeaderName, String); 1], T);

/// A group that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryGroupRequest {
    name: String,
    /// Made from the name when absent; cannot be changed later.
    slug: Option<String>,
}

async fn create(
    app: AppState,
    caller: Caller,
    of: DirectoryOf<'_>,
    headers: &HeaderMap,
    wanted: DirectoryGroupRequest,
) -> Result<Done<Json<DirectoryGroupJson>>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let wanted = NewDirectoryGroup { name: wanted.name, slug: wanted.slug };
    let made = directory::create_directory_group(&app, &principal, of, &wanted, idempotency_key(headers)?).await?;
    let (organization, view) = directory::view_directory_group(&app, &principal, (of, &made.answer)).await?;
    Ok((StatusCode::CREATED, etag(organization.version), Json(DirectoryGroupJson::of(&view))))
}

/// Make a group in the directory of an organization, for its admins and user access admins. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/directory/groups", tag = "directory", request_body = DirectoryGroupRequest,
    params(("organization" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = DirectoryGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "slug_taken, organization_original_user_management: name a site"), (status = 422, body = Problem)))]
pub async fn create_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<DirectoryGroupRequest>,
) -> Result<Done<Json<DirectoryGroupJson>>, Failure> {
    create(app, caller, DirectoryOf::organization(&organization), &headers, wanted).await
}

/// Make a group that a site of an organization with original user management keeps, for the organization's admins and user access admins and those of the site. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/sites/{site}/directory/groups", tag = "directory", request_body = DirectoryGroupRequest,
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = DirectoryGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "slug_taken, organization_centralized_user_management"), (status = 422, body = Problem)))]
pub async fn create_site_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site)): Path<(String, String)>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<DirectoryGroupRequest>,
) -> Result<Done<Json<DirectoryGroupJson>>, Failure> {
    create(app, caller, DirectoryOf { organization: &organization, site: Some(&site) }, &headers, wanted).await
}

/// What is to be different.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryGroupPatch {
    name: String,
}

async fn rename(
    app: AppState,
    caller: Caller,
    (of, group): (DirectoryOf<'_>, &str),
    wanted: &DirectoryGroupPatch,
    expected: Expected,
) -> Result<Done<Json<DirectoryGroupJson>>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    directory::rename_directory_group(&app, &principal, (of, group), &wanted.name, expected).await?;
    let (organization, view) = directory::view_directory_group(&app, &principal, (of, group)).await?;
    Ok((StatusCode::OK, etag(organization.version), Json(DirectoryGroupJson::of(&view))))
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
) -> Result<Done<Json<DirectoryGroupJson>>, Failure> {
    rename(app, caller, (DirectoryOf::organization(&organization), &group), &wanted, expected).await
}

/// Call a group that a site keeps otherwise; its slug stays. Scope: `write`.
#[utoipa::path(patch, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}", tag = "directory", request_body = DirectoryGroupPatch,
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 200, body = DirectoryGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn rename_site_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<DirectoryGroupPatch>,
) -> Result<Done<Json<DirectoryGroupJson>>, Failure> {
    let of = DirectoryOf { organization: &organization, site: Some(&site) };
    rename(app, caller, (of, &group), &wanted, expected).await
}

async fn delete(
    app: AppState,
    caller: Caller,
    of: DirectoryOf<'_>,
    group: &str,
    expected: Expected,
) -> Result<Done<()>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = directory::delete_directory_group(&app, &principal, (of, group), expected).await?;
    Ok((StatusCode::NO_CONTENT, etag(version), ()))
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
) -> Result<Done<()>, Failure> {
    delete(app, caller, DirectoryOf::organization(&organization), &group, expected).await
}

/// Delete a group that a site keeps. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_site_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<Done<()>, Failure> {
    delete(app, caller, DirectoryOf { organization: &organization, site: Some(&site) }, &group, expected).await
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
