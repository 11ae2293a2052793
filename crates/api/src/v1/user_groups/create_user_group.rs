//! Makes a user group.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::user_group::{self, GroupPatch, NewGroup};
use orglink_domain::token::Scope;
use orglink_domain::workspace::Permission;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::UserGroupJson;
use crate::v1::idempotency_key;

/// A user group that is wanted; what is absent is *no* or *none*.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserGroupRequest {
    name: String,
    /// Made from the name when absent; cannot be changed later.
    slug: Option<String>,
    /// Its members administer the workspace (the *Admin* lozenge).
    is_admin: Option<bool>,
    /// `none`, `read`, `write` or `admin`: on every repository where it is given nothing else.
    #[schema(value_type = Option<String>)]
    repository_permission: Option<Permission>,
    /// Words such as `create-repository`.
    workspace_permissions: Option<Vec<String>>,
    /// New members land here; only one group does.
    is_default: Option<bool>,
}

/// Make a user group in a workspace you administer. Scope: `write`.
#[utoipa::path(post, path = "/workspaces/{workspace}/user-groups", tag = "user groups", request_body = UserGroupRequest,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = UserGroupJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "slug_taken, moved_to_organization"), (status = 422, body = Problem)))]
pub async fn create_user_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<UserGroupRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let fields = GroupPatch {
        name: None,
        is_admin: wanted.is_admin,
        repository_permission: wanted.repository_permission,
        workspace_permissions: wanted.workspace_permissions,
        is_default: wanted.is_default,
    };
    let wanted = NewGroup { name: wanted.name, slug: wanted.slug, fields };
    let made = user_group::create_group(&app, &principal, &workspace, &wanted, idempotency_key(&headers)?).await?;
    let view = user_group::view_user_group(&app, &principal, &workspace, &made.answer).await?;
    Ok((StatusCode::CREATED, etag(view.workspace.version), Json(UserGroupJson::of(&view.group, view.members))))
}
