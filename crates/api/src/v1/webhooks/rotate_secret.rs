//! Gives a webhook a new secret.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use orglink_app::Expected;
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonOrNothing, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::allowed;
use super::view::NewWebhookJson;

/// For how long the secret before goes on.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Hours for which the secret before signs as well, 0 to 168; 24 when absent.
    previous_hours: Option<i64>,
}

const HOURS: i64 = 24;

async fn rotate(
    app: AppState,
    caller: Caller,
    (of, id): (WebhooksOf<'_>, &str),
    expected: Expected,
    wanted: Rotation,
) -> Result<Response, Failure> {
    let principal = allowed(caller, of, Scope::Write)?;
    let hours = wanted.previous_hours.unwrap_or(HOURS);
    let made = webhook::rotate_secret(&app, &principal, of, id, hours, expected).await?;
    Ok((etag(made.version), Json(NewWebhookJson::of(&made, app.now()))).into_response())
}

/// Give a webhook of a workspace you administer a new secret; for a while the one before signs as well. The answer holds the secret, and is the
/// only one that does. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(post, path = "/workspaces/{workspace}/webhooks/{webhook}/rotate", tag = "webhooks", request_body = Option<Rotation>,
    params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 200, body = NewWebhookJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn rotate_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonOrNothing(wanted): JsonOrNothing<Rotation>,
) -> Result<Response, Failure> {
    rotate(app, caller, (WebhooksOf::Workspace(&workspace), &id), expected, wanted).await
}

/// Give a webhook of an organization you administer a new secret; for a while the one before signs as well. The answer holds the secret, and is the
/// only one that does. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{webhook}/rotate", tag = "webhooks", request_body = Option<Rotation>,
    params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 200, body = NewWebhookJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn rotate_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonOrNothing(wanted): JsonOrNothing<Rotation>,
) -> Result<Response, Failure> {
    rotate(app, caller, (WebhooksOf::Organization(&organization), &id), expected, wanted).await
}
