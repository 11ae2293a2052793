//! Makes a webhook.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use orglink_app::webhook::{self, NewWebhook, WebhooksOf};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::allowed;
use super::view::NewWebhookJson;

/// A webhook that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// HTTPS, to an address of the internet.
    url: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// Types of events, or beginnings that end in a dot (`link.`); all when there are none.
    #[serde(default)]
    types: Vec<String>,
}

async fn create(
    app: AppState,
    caller: Caller,
    of: WebhooksOf<'_>,
    wanted: WebhookRequest,
) -> Result<Response, Failure> {
    let principal = allowed(caller, of, Scope::Write)?;
    let wanted = NewWebhook { url: wanted.url, description: wanted.description, types: wanted.types };
    let made = webhook::create_webhook(&app, &principal, of, &wanted).await?;
    Ok((StatusCode::CREATED, etag(made.version), Json(NewWebhookJson::of(&made, app.now()))).into_response())
}

/// Make a webhook of a workspace you administer: it is told of what happens from now on. The answer holds the secret that signs, and is
/// the only one that does. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(post, path = "/workspaces/{workspace}/webhooks", tag = "webhooks", request_body = WebhookRequest, params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 201, body = NewWebhookJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "webhook_limit, dns_unavailable")))]
pub async fn create_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    JsonBody(wanted): JsonBody<WebhookRequest>,
) -> Result<Response, Failure> {
    create(app, caller, WebhooksOf::Workspace(&workspace), wanted).await
}

/// Make a webhook of an organization you administer: it is told of what happens from now on. The answer holds the secret that signs, and is
/// the only one that does. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks", tag = "webhooks", request_body = WebhookRequest, params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 201, body = NewWebhookJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "webhook_limit, dns_unavailable")))]
pub async fn create_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    JsonBody(wanted): JsonBody<WebhookRequest>,
) -> Result<Response, Failure> {
    create(app, caller, WebhooksOf::Organization(&organization), wanted).await
}
