//! Lists access requests: yours, and those that you may answer; shows one.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{PageRequest, access_request};
use orglink_domain::access_request::AccessRequestState;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::AccessRequestJson;
use crate::v1::state_word;
use crate::view::ListJson;

/// Which part, and in which state.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccessRequestQuery {
    /// Only those in this state: `open`, `approved`, `declined`, `withdrawn` or `expired`.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

impl AccessRequestQuery {
    fn parts(&self) -> Result<(Option<AccessRequestState>, PageRequest), Failure> {
        Ok((state_word(self.state.as_deref())?, PageRequest::new(self.cursor.as_deref(), self.limit)?))
    }
}

/// What you have asked, newest first. Scope: `read`.
#[utoipa::path(get, path = "/access-requests", tag = "people", params(AccessRequestQuery),
    responses((status = 200, body = ListJson<AccessRequestJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_my_access_requests(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<AccessRequestQuery>,
) -> Result<Json<ListJson<AccessRequestJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = access_request::list_my_requests(&app, &principal, state, &page).await?;
    Ok(Json(ListJson::of(found.map(AccessRequestJson::of))))
}

/// What is asked of the admins of an organization you administer, newest first. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/access-requests", tag = "people",
    params(("organization" = String, Path, description = "Slug or id"), AccessRequestQuery),
    responses((status = 200, body = ListJson<AccessRequestJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_access_requests(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<AccessRequestQuery>,
) -> Result<Json<ListJson<AccessRequestJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = access_request::list_requests_of_organization(&app, &principal, &organization, state, &page).await?;
    Ok(Json(ListJson::of(found.page.map(AccessRequestJson::of))))
}

/// What is asked of the admins of a workspace you administer, newest first. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/access-requests", tag = "people",
    params(("workspace" = String, Path, description = "Slug or id"), AccessRequestQuery),
    responses((status = 200, body = ListJson<AccessRequestJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_access_requests(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<AccessRequestQuery>,
) -> Result<Json<ListJson<AccessRequestJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = access_request::list_requests_of_workspace(&app, &principal, &workspace, state, &page).await?;
    Ok(Json(ListJson::of(found.page.map(AccessRequestJson::of))))
}

/// A request of yours, or one that you may answer. Scope: `read`.
#[utoipa::path(get, path = "/access-requests/{request}", tag = "people",
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = AccessRequestJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_access_request(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AccessRequestJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(AccessRequestJson::of(access_request::view_request(&app, &principal, &id).await?)))
}
