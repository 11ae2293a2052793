//! Lists one's own workspaces.

use axum::Json;
use axum::extract::State;
use orglink_app::mine;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;
use crate::view::{ListJson, WorkspaceJson};

/// A workspace of yours.
#[derive(Serialize, ToSchema)]
pub struct MyWorkspaceJson {
    workspace: WorkspaceJson,
    /// `admin` or `member`; `none` when you see it only through the organization that it is linked to.
    #[schema(value_type = String)]
    role: WorkspaceRole,
}

/// The workspaces that are yours by a role, by slug, each with that role; for an operator too only those. Scope: `read`.
#[utoipa::path(get, path = "/me/workspaces", tag = "account", params(PageQuery),
    responses((status = 200, body = ListJson<MyWorkspaceJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list_my_workspaces(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<MyWorkspaceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = mine::list_my_workspaces(&app, &principal, &page.request()?).await?;
    let json = |w: mine::MyWorkspace| MyWorkspaceJson { workspace: WorkspaceJson::of(&w.workspace), role: w.role };
    Ok(Json(ListJson::of(found.map(json))))
}
