//! Lists invitations: yours, and those to a place you administer.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::PageRequest;
use orglink_app::invitation;
use orglink_domain::invitation::InvitationState;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::InvitationJson;
use crate::v1::state_word;
use crate::view::ListJson;

/// Which part, and in which state.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InvitationQuery {
    /// Only those in this state: `pending`, `accepted`, `declined`, `withdrawn` or `expired`.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

impl InvitationQuery {
    fn parts(&self) -> Result<(Option<InvitationState>, PageRequest), Failure> {
        Ok((state_word(self.state.as_deref())?, PageRequest::new(self.cursor.as_deref(), self.limit)?))
    }
}

/// The invitations addressed to you, newest first; none while your address is not verified. Scope: `read`.
#[utoipa::path(get, path = "/invitations", tag = "people", params(InvitationQuery),
    responses((status = 200, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_my_invitations(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<InvitationQuery>,
) -> Result<Json<ListJson<InvitationJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = invitation::list_my_invitations(&app, &principal, state, &page).await?;
    Ok(Json(ListJson::of(found.map(|view| InvitationJson::of(&view)))))
}

/// The invitations to user groups of a workspace you administer, newest first. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/invitations", tag = "people",
    params(("workspace" = String, Path, description = "Slug or id"), InvitationQuery),
    responses((status = 200, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_invitations(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<InvitationQuery>,
) -> Result<Json<ListJson<InvitationJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = invitation::list_invitations_of_workspace(&app, &principal, &workspace, state, &page).await?;
    Ok(Json(ListJson::of(found.page.map(|view| InvitationJson::of(&view)))))
}

/// The invitations to roles in an organization you administer, newest first. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/invitations", tag = "people",
    params(("organization" = String, Path, description = "Slug or id"), InvitationQuery),
    responses((status = 200, body = ListJson<InvitationJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_invitations(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<InvitationQuery>,
) -> Result<Json<ListJson<InvitationJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = invitation::list_invitations_of_organization(&app, &principal, &organization, state, &page).await?;
    Ok(Json(ListJson::of(found.page.map(|view| InvitationJson::of(&view)))))
}
