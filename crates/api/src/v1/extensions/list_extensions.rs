//! The extensions of a workspace, and one of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::{Page, extension};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};

use super::view::ExtensionJson;
use crate::view::ListJson;

/// The extensions that can be installed in a workspace you are a member of, and those that are. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/extensions", tag = "extensions",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ListJson<ExtensionJson>), (status = 404, body = Problem)))]
pub async fn list_extensions(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = extension::view_extensions(&app, &principal, &workspace).await?;
    let items = found.items.iter().map(|e| ExtensionJson::of(&found, e)).collect();
    Ok((etag(found.workspace.version), Json(ListJson::of(Page { items, next: None }))))
}

/// One extension: what it asks for, and how it stands in a workspace. The `ETag` is the workspace's version. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/extensions/{extension}", tag = "extensions",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("extension" = String, Path, description = "Its name in the catalog")),
    responses((status = 200, body = ExtensionJson), (status = 404, body = Problem)))]
pub async fn view_extension(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, name)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (found, one) = extension::view_extension(&app, &principal, &workspace, &name).await?;
    Ok((etag(found.workspace.version), Json(ExtensionJson::of(&found, &one))))
}
