//! Looks at a user group.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::user_group;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};

use super::view::UserGroupJson;

/// One user group. The `ETag` is the workspace's version. Scope: `read`; an extension: `people:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/user-groups/{group}", tag = "user groups",
    params(("workspace" = String, Path, description = "Slug or id"), ("group" = String, Path, description = "Slug")),
    responses((status = 200, body = UserGroupJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_user_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, group)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::PeopleRead)?;
    let view = user_group::view_user_group(&app, &principal, &workspace, &group).await?;
    Ok((etag(view.workspace.version), Json(UserGroupJson::of(&view.group, view.members))))
}
