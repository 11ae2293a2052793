//! Changes a user group.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::user_group::{self, GroupPatch};
use orglink_domain::token::Scope;
use orglink_domain::workspace::Permission;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::UserGroupJson;

/// What is to be different; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserGroupPatch {
    name: Option<String>,
    is_admin: Option<bool>,
    /// `none`, `read`, `write` or `admin`.
    #[schema(value_type = Option<String>)]
    repository_permission: Option<Permission>,
    workspace_permissions: Option<Vec<String>>,
    is_default: Option<bool>,
}

/// Change a user group of a workspace you administer. Scope: `write`.
#[utoipa::path(patch, path = "/workspaces/{workspace}/user-groups/{group}", tag = "user groups", request_body = UserGroupPatch,
    params(("workspace" = String, Path, description = "Slug or id"), ("group" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 200, body = UserGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "last_admin"),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_user_group(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, group)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<UserGroupPatch>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let patch = GroupPatch {
        name: wanted.name,
        is_admin: wanted.is_admin,
        repository_permission: wanted.repository_permission,
        workspace_permissions: wanted.workspace_permissions,
        is_default: wanted.is_default,
    };
    user_group::change_group(&app, &principal, (&workspace, &group), &patch, expected).await?;
    let view = user_group::view_user_group(&app, &principal, &workspace, &group).await?;
    Ok((etag(view.workspace.version), Json(UserGroupJson::of(&view.group, view.members))))
}
