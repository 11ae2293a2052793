//! Lists the members of a user group.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::user_group;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use crate::v1::PageQuery;
use crate::view::{AccountJson, ListJson};

/// The members of a user group, by address. Scope: `read`; an extension: `people:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/user-groups/{group}/members", tag = "user groups",
    params(("workspace" = String, Path, description = "Slug or id"), ("group" = String, Path, description = "Slug"), PageQuery),
    responses((status = 200, body = ListJson<AccountJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_group_members(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, group)): Path<(String, String)>,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<AccountJson>>, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::PeopleRead)?;
    let found = user_group::list_group_members(&app, &principal, &workspace, &group, &page.request()?).await?;
    Ok(Json(ListJson::of(found.members.map(AccountJson::of))))
}
