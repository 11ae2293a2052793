//! Plans the migration of a workspace's users, and shows one that was done.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{Error, user_management};
use orglink_domain::token::Scope;
use orglink_domain::user_management::Mapping;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::view::{UsersMigrationJson, UsersPlanJson};

/// How each group of the workspace is to come into the directory; what is absent comes as a group of its own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingBody {
    /// By the slug of the workspace's group: `"own"`, `{"rename": "New name"}` or `{"merge": "slug-of-the-directory"}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    mapping: Value,
}

pub(super) fn mapping_of(given: Value) -> Result<Mapping, Failure> {
    if given.is_null() {
        return Ok(Mapping::new());
    }
    serde_json::from_value(given).map_err(|_| {
        let detail = "for each group of the workspace: \"own\", {\"rename\": NAME} or {\"merge\": SLUG}";
        Failure(Error::field("mapping", detail))
    })
}

/// Plan the migration of a workspace's users into the directory of its organization: what meets there, what each group becomes, the proof that nobody can do more, and
/// what stands in the way. Changes nothing. For admins of either side. Scope: `link`.
#[utoipa::path(post, path = "/workspaces/{workspace}/users-migration/plan", tag = "user management", request_body = MappingBody,
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UsersPlanJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked")))]
pub async fn plan_users(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    JsonBody(body): JsonBody<MappingBody>,
) -> Result<Json<UsersPlanJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let mapping = mapping_of(body.mapping)?;
    Ok(Json(UsersPlanJson::of(&user_management::plan_users(&app, &principal, &workspace, &mapping).await?)))
}

/// What was done when the users of a workspace migrated. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/users-migration", tag = "user management",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UsersMigrationJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "users_not_migrated")))]
pub async fn view_users_migration(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<UsersMigrationJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = user_management::view_migration(&app, &principal, &workspace).await?;
    let found = found.ok_or_else(|| {
        let detail = "The workspace still manages its own people.";
        Error::refused("users_not_migrated", "Its users have not migrated", detail)
    })?;
    Ok(Json(UsersMigrationJson::of(&found)))
}
