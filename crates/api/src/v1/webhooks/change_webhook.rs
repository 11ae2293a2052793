//! Changes a webhook, pauses or resumes it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use orglink_app::Expected;
use orglink_app::webhook::{self, WebhookPatch, WebhooksOf};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::allowed;
use super::view::WebhookJson;

/// What is to be different; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    url: Option<String>,
    description: Option<String>,
    types: Option<Vec<String>>,
    /// Nothing is sent while it is; what happens meanwhile is sent when it is resumed.
    paused: Option<bool>,
}

async fn change(
    app: AppState,
    caller: Caller,
    (of, id): (WebhooksOf<'_>, &str),
    expected: Expected,
    wanted: WebhookChange,
) -> Result<Response, Failure> {
    let principal = allowed(caller, of, Scope::Write)?;
    let WebhookChange { url, description, types, paused } = wanted;
    let patch = WebhookPatch { url, description, types, is_paused: paused };
    webhook::change_webhook(&app, &principal, of, id, &patch, expected).await?;
    let view = webhook::view_webhook(&app, &principal, of, id).await?;
    Ok((etag(view.owner.version), Json(WebhookJson::of(&view.webhook, app.now()))).into_response())
}

/// Change a webhook of a workspace you administer, pause or resume it. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(patch, path = "/workspaces/{workspace}/webhooks/{webhook}", tag = "webhooks", request_body = WebhookChange,
    params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 200, body = WebhookJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "dns_unavailable"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<WebhookChange>,
) -> Result<Response, Failure> {
    change(app, caller, (WebhooksOf::Workspace(&workspace), &id), expected, wanted).await
}

/// Change a webhook of an organization you administer, pause or resume it. Scope: `write`.
#[utoipa::path(patch, path = "/organizations/{organization}/webhooks/{webhook}", tag = "webhooks", request_body = WebhookChange,
    params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 200, body = WebhookJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "dns_unavailable"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<WebhookChange>,
) -> Result<Response, Failure> {
    change(app, caller, (WebhooksOf::Organization(&organization), &id), expected, wanted).await
}
