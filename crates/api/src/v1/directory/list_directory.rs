//! The groups of a directory, one of them, and who is in it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::directory;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};

use super::view::{DirectoryGroupJson, DirectoryMemberJson};
use crate::v1::PageQuery;
use crate::view::ListJson;

/// The groups of an organization's directory, by slug; for its admins, user access admins and auditors. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/directory/groups", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<DirectoryGroupJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_directory_groups(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = directory::list_directory_groups(&app, &principal, &organization, &query.request()?).await?;
    let list = ListJson::of(found.groups.map(|group| DirectoryGroupJson::of(&group)));
    Ok((etag(found.organization.version), Json(list)))
}

/// One group of an organization's directory. The `ETag` is the organization's version. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/directory/groups/{directory_group}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug")),
    responses((status = 200, body = DirectoryGroupJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (organization, view) = directory::view_directory_group(&app, &principal, (&organization, &group)).await?;
    Ok((etag(organization.version), Json(DirectoryGroupJson::of(&view))))
}

/// Who is in a group of an organization's directory, by address. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/directory/groups/{directory_group}/members", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"), PageQuery),
    responses((status = 200, body = ListJson<DirectoryMemberJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_directory_members(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group)): Path<(String, String)>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let of = (organization.as_str(), group.as_str());
    let found = directory::list_directory_members(&app, &principal, of, &query.request()?).await?;
    let list = ListJson::of(found.members.map(|account| DirectoryMemberJson::of(&account)));
    Ok((etag(found.organization.version), Json(list)))
}
