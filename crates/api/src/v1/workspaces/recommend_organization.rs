//! Recommends an organization for a workspace.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::organization;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use crate::view::RecommendationJson;

/// Which of the organizations that you administer the workspace belongs to, by evidence; nothing is recommended on a tie.
/// For members. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/recommendation", tag = "links",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = RecommendationJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn recommend_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<RecommendationJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (_, found) = organization::recommend_organization(&app, &principal, &workspace).await?;
    Ok(Json(RecommendationJson::of(&found)))
}
