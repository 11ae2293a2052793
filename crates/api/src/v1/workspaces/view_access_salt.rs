//! Hands the salt of the access digest to the workspace's side.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// The salt of a workspace's access digest.
#[derive(Serialize, ToSchema)]
pub struct AccessSalt {
    /// 32 bytes, hexadecimal.
    salt: String,
}

/// The salt with which admins of the workspace rebuild `access_digest` from an export (docs/access-digest.md).
/// Scope: `admin`.
#[utoipa::path(get, path = "/workspaces/{workspace}/access-salt", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = AccessSalt), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_access_salt(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<AccessSalt>, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    let bytes = workspace::view_access_salt(&app, &principal, &workspace).await?;
    let mut salt = String::with_capacity(64);
    for byte in bytes {
        let _ = write!(salt, "{byte:02x}");
    }
    Ok(Json(AccessSalt { salt }))
}
