//! Invites people to a user group or to a role.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::invitation::{InviteTo, NewInvitations, create_invitations, list_invitations_of};
use orglink_app::{Page, Principal};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::InvitationJson;
use crate::v1::idempotency_key;
use crate::view::ListJson;

/// Whom to invite to a user group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupInvitationRequest {
    /// 1 to 100 addresses.
    emails: Vec<String>,
    /// The user group, by its slug.
    group: String,
    /// You give up being an admin when it is accepted; for one address, to a group that administers the workspace.
    #[serde(default)]
    hands_over: bool,
}

/// Whom to invite to a role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInvitationRequest {
    /// 1 to 100 addresses.
    emails: Vec<String>,
    /// `admin`, `user_access_admin`, `billing_admin`, `auditor`; on a site `site_admin`, `user_access_admin`; on an app
    /// `app_admin`, `user_access_admin`.
    role: String,
    /// On this site instead of the whole organization.
    site: Option<String>,
    /// On this product of the site.
    app: Option<String>,
    /// You give up being an admin when it is accepted; for one address, with the role `admin`.
    #[serde(default)]
    hands_over: bool,
}

/// Invite people to a user group of a workspace you administer, all of them or nobody. Members are added at once; anybody else must accept. Scope: `write`.
#[utoipa::path(post, path = "/workspaces/{workspace}/invitations", tag = "people", request_body = GroupInvitationRequest,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "invitation_limit, cannot_hand_over, moved_to_organization"), (status = 422, body = Problem)))]
pub async fn invite_to_user_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<GroupInvitationRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let to = InviteTo::UserGroup(&workspace, &wanted.group);
    let new = NewInvitations { emails: wanted.emails, hands_over: wanted.hands_over };
    invite(&app, &principal, &to, &new, idempotency_key(&headers)?).await
}

/// Invite people to a role in an organization you administer, all of them or nobody. Holders of a role there get it at once; anybody else must accept. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/invitations", tag = "people", request_body = RoleInvitationRequest,
    params(("organization" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "invitation_limit, cannot_hand_over"), (status = 422, body = Problem)))]
pub async fn invite_to_role(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<RoleInvitationRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let role = match (&wanted.site, &wanted.app) {
        (None, None) => format!("organization/{}", wanted.role),
        (Some(site), None) => format!("site/{site}/{}", wanted.role),
        (Some(site), Some(app)) => format!("app/{site}/{app}/{}", wanted.role),
        (None, Some(_)) => return Err(orglink_app::Error::field("site", "say on which site the app is").into()),
    };
    let to = InviteTo::Role(&organization, role);
    let new = NewInvitations { emails: wanted.emails, hands_over: wanted.hands_over };
    invite(&app, &principal, &to, &new, idempotency_key(&headers)?).await
}

pub async fn invite(
    app: &AppState,
    principal: &Principal,
    to: &InviteTo<'_>,
    new: &NewInvitations,
    key: Option<&str>,
) -> Result<(StatusCode, Json<ListJson<InvitationJson>>), Failure> {
    let made = create_invitations(app, principal, to, new, key).await?.answer;
    let ids: Vec<_> = made.iter().filter_map(|m| m.invitation).collect();
    let views = list_invitations_of(app, principal, &ids).await?;
    let item = |m: &orglink_app::invitation::Made| match views.iter().find(|v| Some(v.invitation.id) == m.invitation) {
        Some(view) => InvitationJson::of(view),
        None => InvitationJson::without(m, to),
    };
    let page = Page { items: made.iter().map(item).collect(), next: None };
    Ok((StatusCode::CREATED, Json(ListJson::of(page))))
}
