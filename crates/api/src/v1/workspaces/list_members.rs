//! Lists the members of a workspace.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use crate::v1::PageQuery;
use crate::view::{AccountJson, ListJson};

/// Everybody in any user group or with a grant of their own, by address. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/members", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<AccountJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_members(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<AccountJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let people = workspace::list_members(&app, &principal, &workspace, &page.request()?).await?;
    Ok(Json(ListJson::of(people.map(AccountJson::of))))
}
