//! Where a workspace is to go if nobody links it, said from either side.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::campaign::{self, Side};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::PreferenceJson;

/// Say, as an admin of the workspace, that it is to go to an organization you know if nobody links it. It counts once an admin of the
/// organization says so too; whoever administers both says it for both. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/preferences/{organization}", tag = "linking date",
    params(("workspace" = String, Path, description = "Slug or id"), ("organization" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_linked")))]
pub async fn prefer_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, organization)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    campaign::prefer_organization(&app, &principal, Side::Workspace, &workspace, &organization).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take it back. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/preferences/{organization}", tag = "linking date",
    params(("workspace" = String, Path, description = "Slug or id"), ("organization" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_linked")))]
pub async fn withdraw_preference(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, organization)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    campaign::withdraw_preference(&app, &principal, Side::Workspace, &workspace, &organization).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The workspaces that are declared to come to an organization you administer. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/preferences", tag = "linking date",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = Vec<PreferenceJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_preferences(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<Json<Vec<PreferenceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = campaign::list_preferences(&app, &principal, &organization).await?;
    Ok(Json(found.into_iter().map(PreferenceJson::of).collect()))
}

/// Say, as an admin of the organization, that a declared workspace may come. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/preferences/{workspace}", tag = "linking date",
    params(("organization" = String, Path, description = "Slug or id"), ("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_linked")))]
pub async fn accept_preference(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, workspace)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    campaign::prefer_organization(&app, &principal, Side::Organization, &workspace, &organization).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that it may not, or no longer. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/preferences/{workspace}", tag = "linking date",
    params(("organization" = String, Path, description = "Slug or id"), ("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_linked")))]
pub async fn decline_preference(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, workspace)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    campaign::withdraw_preference(&app, &principal, Side::Organization, &workspace, &organization).await?;
    Ok(StatusCode::NO_CONTENT)
}
