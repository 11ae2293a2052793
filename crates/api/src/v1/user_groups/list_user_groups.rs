//! Lists the user groups of a workspace.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{Page, user_group};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::UserGroupJson;
use crate::view::ListJson;

/// The user groups of a workspace, by slug, with what each may do and how many are in it. Scope: `read`; an extension: `people:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/user-groups", tag = "user groups",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ListJson<UserGroupJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_user_groups(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<ListJson<UserGroupJson>>, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::PeopleRead)?;
    let groups = user_group::list_user_groups(&app, &principal, &workspace).await?;
    let items = groups.iter().map(|g| UserGroupJson::of(&g.group, g.members)).collect();
    Ok(Json(ListJson::of(Page { items, next: None })))
}
