//! The groups of a directory, one of them, and who is in it: of an organization, or of one of its sites.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use orglink_app::directory::{self, DirectoryOf};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};

use super::view::{DirectoryGroupJson, DirectoryMemberJson};
use crate::v1::PageQuery;
use crate::view::ListJson;

/// With the organization's version as `ETag`.
type Found<T> = ([(HeaderName, String); 1], Json<T>);

async fn list(
    app: AppState,
    caller: Caller,
    of: DirectoryOf<'_>,
    query: PageQuery,
) -> Result<Found<ListJson<DirectoryGroupJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = directory::list_directory_groups(&app, &principal, of, &query.request()?).await?;
    let list = ListJson::of(found.groups.map(|group| DirectoryGroupJson::of(&group)));
    Ok((etag(found.organization.version), Json(list)))
}

/// The groups of an organization's directory, by slug; for its admins, user access admins and auditors. While the organization has original user management there are none: each site has its own. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/directory/groups", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<DirectoryGroupJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_directory_groups(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Found<ListJson<DirectoryGroupJson>>, Failure> {
    list(app, caller, DirectoryOf::organization(&organization), query).await
}

/// The groups that a site of an organization with original user management keeps, by slug; for the admins, user access admins and auditors of the organization and the user access admins of the site. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/sites/{site}/directory/groups", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), PageQuery),
    responses((status = 200, body = ListJson<DirectoryGroupJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_site_groups(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site)): Path<(String, String)>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Found<ListJson<DirectoryGroupJson>>, Failure> {
    list(app, caller, DirectoryOf { organization: &organization, site: Some(&site) }, query).await
}

async fn view(
    app: AppState,
    caller: Caller,
    of: DirectoryOf<'_>,
    group: &str,
) -> Result<Found<DirectoryGroupJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (organization, view) = directory::view_directory_group(&app, &principal, (of, group)).await?;
    Ok((etag(organization.version), Json(DirectoryGroupJson::of(&view))))
}

/// One group of an organization's directory. The `ETag` is the organization's version. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/directory/groups/{directory_group}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug")),
    responses((status = 200, body = DirectoryGroupJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group)): Path<(String, String)>,
) -> Result<Found<DirectoryGroupJson>, Failure> {
    view(app, caller, DirectoryOf::organization(&organization), &group).await
}

/// One group that a site keeps. The `ETag` is the organization's version. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug")),
    responses((status = 200, body = DirectoryGroupJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_site_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group)): Path<(String, String, String)>,
) -> Result<Found<DirectoryGroupJson>, Failure> {
    view(app, caller, DirectoryOf { organization: &organization, site: Some(&site) }, &group).await
}

async fn list_members(
    app: AppState,
    caller: Caller,
    (of, group): (DirectoryOf<'_>, &str),
    query: PageQuery,
) -> Result<Found<ListJson<DirectoryMemberJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = directory::list_directory_members(&app, &principal, (of, group), &query.request()?).await?;
    let list = ListJson::of(found.members.map(|account| DirectoryMemberJson::of(&account)));
    Ok((etag(found.organization.version), Json(list)))
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
) -> Result<Found<ListJson<DirectoryMemberJson>>, Failure> {
    list_members(app, caller, (DirectoryOf::organization(&organization), &group), query).await
}

/// Who is in a group that a site keeps, by address. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}/members", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug"), PageQuery),
    responses((status = 200, body = ListJson<DirectoryMemberJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_site_group_members(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group)): Path<(String, String, String)>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Found<ListJson<DirectoryMemberJson>>, Failure> {
    let of = DirectoryOf { organization: &organization, site: Some(&site) };
    list_members(app, caller, (of, &group), query).await
}
