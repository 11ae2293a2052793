//! Adds people to a group of a directory, invites them, and takes them out: of an organization, or of one of its sites.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use orglink_app::Expected;
use orglink_app::directory::{self, DirectoryOf};
use orglink_app::invitation::{InviteTo, NewInvitations};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::v1::idempotency_key;
use crate::v1::invitations::{InvitationJson, invite};
use crate::view::ListJson;

async fn add(
    app: AppState,
    caller: Caller,
    of: DirectoryOf<'_>,
    group: &str,
    account: String,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    directory::add_directory_members(&app, &principal, (of, group), &[account]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add somebody whom the organization knows to a group of its directory, and so to every user group that is attached to it. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/directory/groups/{directory_group}/members/{account}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_known_here: invite them")))]
pub async fn add_directory_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group, account)): Path<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    add(app, caller, DirectoryOf::organization(&organization), &group, account).await
}

/// Add somebody whom the organization knows to a group that a site keeps. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}/members/{account}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_known_here: invite them")))]
pub async fn add_site_group_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group, account)): Path<(String, String, String, String)>,
) -> Result<StatusCode, Failure> {
    add(app, caller, DirectoryOf { organization: &organization, site: Some(&site) }, &group, account).await
}

async fn remove(
    app: AppState,
    caller: Caller,
    (of, group): (DirectoryOf<'_>, &str),
    account: &str,
    expected: Expected,
) -> Result<([(HeaderName, String); 1], StatusCode), Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = directory::remove_directory_member(&app, &principal, (of, group), account, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take somebody out of a group of the directory, and so out of every user group that is attached to it. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/directory/groups/{directory_group}/members/{account}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id of a member"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_directory_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group, account)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<([(HeaderName, String); 1], StatusCode), Failure> {
    remove(app, caller, (DirectoryOf::organization(&organization), &group), &account, expected).await
}

/// Take somebody out of a group that a site keeps. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}/members/{account}", tag = "directory",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug"),
        ("account" = String, Path, description = "Address or id of a member"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_site_group_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group, account)): Path<(String, String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<([(HeaderName, String); 1], StatusCode), Failure> {
    let of = DirectoryOf { organization: &organization, site: Some(&site) };
    remove(app, caller, (of, &group), &account, expected).await
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryInvitationRequest {
    /// 1 to 100 addresses.
    emails: Vec<String>,
}

async fn send(
    app: AppState,
    caller: Caller,
    to: InviteTo<'_>,
    headers: &HeaderMap,
    wanted: DirectoryInvitationRequest,
) -> Result<(StatusCode, Json<ListJson<InvitationJson>>), Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let new = NewInvitations { emails: wanted.emails, hands_over: false };
    invite(&app, &principal, &to, &new, idempotency_key(headers)?).await
}

/// Invite people to a group of the directory, all of them or nobody. Whom the organization knows is added at once; anybody else must accept. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/directory/groups/{directory_group}/invitations", tag = "directory", request_body = DirectoryInvitationRequest,
    params(("organization" = String, Path, description = "Slug or id"), ("directory_group" = String, Path, description = "Slug"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "invitation_limit"), (status = 422, body = Problem)))]
pub async fn invite_to_directory_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, group)): Path<(String, String)>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<DirectoryInvitationRequest>,
) -> Result<(StatusCode, Json<ListJson<InvitationJson>>), Failure> {
    let to = InviteTo::DirectoryGroup(DirectoryOf::organization(&organization), &group);
    send(app, caller, to, &headers, wanted).await
}

/// Invite people to a group that a site keeps, all of them or nobody. Whom the organization knows is added at once; anybody else must accept. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/sites/{site}/directory/groups/{directory_group}/invitations", tag = "directory", request_body = DirectoryInvitationRequest,
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug of a site of an organization with original user management"), ("directory_group" = String, Path, description = "Slug"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "invitation_limit"), (status = 422, body = Problem)))]
pub async fn invite_to_site_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, group)): Path<(String, String, String)>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<DirectoryInvitationRequest>,
) -> Result<(StatusCode, Json<ListJson<InvitationJson>>), Failure> {
    let of = DirectoryOf { organization: &organization, site: Some(&site) };
    send(app, caller, InviteTo::DirectoryGroup(of, &group), &headers, wanted).await
}
