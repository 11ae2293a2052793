//! Looks at the link of a workspace.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{Error, link};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use crate::view::LinkJson;

/// The link of a workspace; 404 when it is not linked. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/link", tag = "links",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = LinkJson), (status = 404, body = Problem)))]
pub async fn view_workspace_link(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<LinkJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = link::view_workspace_link(&app, &principal, &workspace).await?;
    let found = found.ok_or_else(|| Error::not_found("link of workspace", &workspace))?;
    Ok(Json(LinkJson::of(&found)))
}
