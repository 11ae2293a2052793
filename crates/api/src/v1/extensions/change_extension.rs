//! Updates an extension that is installed, or takes it out.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::extension;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};

use super::ConsentRequest;
use super::view::ExtensionJson;

/// Bring an installed extension to what the catalog offers now, with consent to whatever it asks for beside what it has.
/// Its token stays. Scope: `write`.
#[utoipa::path(patch, path = "/workspaces/{workspace}/extensions/{extension}", tag = "extensions", request_body = ConsentRequest,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("extension" = String, Path, description = "Its name in the catalog"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 200, body = ExtensionJson), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "feature_locked with every condition that fails, consent_required with every scope, not_installed, not_served"),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn update_extension(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, name)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<ConsentRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let consent = (name.as_str(), wanted.consent.as_slice());
    let version = extension::update_extension(&app, &principal, &workspace, consent, expected).await?;
    let (found, one) = extension::view_extension(&app, &principal, &workspace, &name).await?;
    Ok((etag(version), Json(ExtensionJson::of(&found, &one))))
}

/// Uninstall an extension from a workspace you administer; its token is refused from now on. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/extensions/{extension}", tag = "extensions",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("extension" = String, Path, description = "Its name in the catalog"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_installed"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn uninstall_extension(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, name)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    extension::uninstall_extension(&app, &principal, &workspace, &name, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
