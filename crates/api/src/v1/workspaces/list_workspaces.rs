//! Lists workspaces.

use axum::Json;
use axum::extract::State;
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use crate::v1::PageQuery;
use crate::view::{ListJson, WorkspaceJson};

/// The workspaces you may see, by slug; all of them for an operator. Scope: `read`.
#[utoipa::path(get, path = "/workspaces", tag = "workspaces", params(PageQuery),
    responses((status = 200, body = ListJson<WorkspaceJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list_workspaces(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<WorkspaceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = workspace::list_workspaces(&app, &principal, &page.request()?).await?;
    Ok(Json(ListJson::of(found.map(|w| WorkspaceJson::of(&w)))))
}
