//! Lists proposals; shows one.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{PageRequest, consent};
use orglink_domain::consent::ProposalState;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{ProposalJson, ProposalListed};
use crate::v1::state_word;
use crate::view::ListJson;

/// Which part, and in which state.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProposalQuery {
    /// Only those in this state: `open`, `done`, `declined`, `withdrawn`, `expired` or `superseded`.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

impl ProposalQuery {
    fn parts(&self) -> Result<(Option<ProposalState>, PageRequest), Failure> {
        Ok((state_word(self.state.as_deref())?, PageRequest::new(self.cursor.as_deref(), self.limit)?))
    }
}

/// The proposals in which you have a say, newest first. Scope: `read`.
#[utoipa::path(get, path = "/proposals", tag = "proposals", params(ProposalQuery),
    responses((status = 200, body = ListJson<ProposalListed>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_my_proposals(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<ProposalQuery>,
) -> Result<Json<ListJson<ProposalListed>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let found = consent::list_my_proposals(&app, &principal, state, &page).await?;
    Ok(Json(ListJson::of(found.map(|waiting| ProposalListed::of(&waiting)))))
}

/// What is proposed for a workspace you administer, newest first. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/proposals", tag = "proposals",
    params(("workspace" = String, Path, description = "Slug or id"), ProposalQuery),
    responses((status = 200, body = ListJson<ProposalListed>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_proposals(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<ProposalQuery>,
) -> Result<Json<ListJson<ProposalListed>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let (_, found) = consent::list_proposals_of_workspace(&app, &principal, &workspace, state, &page).await?;
    Ok(Json(ListJson::of(found.map(|waiting| ProposalListed::of(&waiting)))))
}

/// What is proposed to an organization you administer or audit, newest first. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/proposals", tag = "proposals",
    params(("organization" = String, Path, description = "Slug or id"), ProposalQuery),
    responses((status = 200, body = ListJson<ProposalListed>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_proposals(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<ProposalQuery>,
) -> Result<Json<ListJson<ProposalListed>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (state, page) = query.parts()?;
    let (_, found) = consent::list_proposals_of_organization(&app, &principal, &organization, state, &page).await?;
    Ok(Json(ListJson::of(found.map(|waiting| ProposalListed::of(&waiting)))))
}

/// A proposal in which you have a say: with the plan as it is now and what each side has agreed to. Scope: `read`.
#[utoipa::path(get, path = "/proposals/{proposal}", tag = "proposals",
    params(("proposal" = String, Path, description = "Id")),
    responses((status = 200, body = ProposalJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_proposal(
    State(app): State<AppState>,
    caller: Caller,
    Path(proposal): Path<String>,
) -> Result<Json<ProposalJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(ProposalJson::of(consent::view_proposal(&app, &principal, &proposal).await?)))
}
