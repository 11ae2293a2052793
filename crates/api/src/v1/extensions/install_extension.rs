//! Installs an extension, or gives it another token.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::extension;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::ExtensionJson;

/// What somebody consents to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentRequest {
    /// Scopes that the extension asks for, each by its name.
    #[schema(value_type = Vec<String>)]
    pub(super) consent: Vec<ExtensionScope>,
}

/// An extension that was installed, with its token.
#[derive(Serialize, ToSchema)]
pub struct InstalledNow {
    #[serde(flatten)]
    extension: ExtensionJson,
    /// Not shown again.
    token: String,
}

/// The token that an extension has from now on.
#[derive(Serialize, ToSchema)]
pub struct ExtensionToken {
    /// Not shown again.
    token: String,
}

/// Install an extension in a workspace you administer, with consent to everything that it asks for; its token comes once,
/// in this answer. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/extensions/{extension}", tag = "extensions", request_body = ConsentRequest,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("extension" = String, Path, description = "Its name in the catalog"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 201, body = InstalledNow), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "feature_locked with every condition that fails, consent_required with every scope, already_installed, not_served"),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn install_extension(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, name)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<ConsentRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let consent = (name.as_str(), wanted.consent.as_slice());
    let made = extension::install_extension(&app, &principal, &workspace, consent, expected).await?;
    let (found, one) = extension::view_extension(&app, &principal, &workspace, &name).await?;
    let token = made.secret.reveal().to_owned();
    let answer = InstalledNow { extension: ExtensionJson::of(&found, &one), token };
    Ok((StatusCode::CREATED, etag(made.version), Json(answer)))
}

/// Give an installed extension another token, once in this answer; the one it had is refused from now on. Scope: `write`.
#[utoipa::path(post, path = "/workspaces/{workspace}/extensions/{extension}/token", tag = "extensions",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("extension" = String, Path, description = "Its name in the catalog"),
        ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 201, body = ExtensionToken), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_installed"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn rotate_extension_token(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, name)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let made = extension::rotate_extension_token(&app, &principal, &workspace, &name, expected).await?;
    let token = made.secret.reveal().to_owned();
    Ok((StatusCode::CREATED, etag(made.version), Json(ExtensionToken { token })))
}
