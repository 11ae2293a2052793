//! Sends a test to a webhook.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

/// Have a webhook of a workspace you administer told that it is tested (`webhook.tested`): an event like any other, which goes to this one only. The log of its
/// deliveries says what it answered. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(post, path = "/workspaces/{workspace}/webhooks/{webhook}/test", tag = "webhooks", params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id")),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "webhook_paused")))]
pub async fn test_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope_or(Scope::Write, ExtensionScope::EventsRead)?;
    webhook::test_webhook(&app, &principal, WebhooksOf::Workspace(&workspace), &id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Have a webhook of an organization you administer told that it is tested (`webhook.tested`): an event like any other, which goes to this one only. The log of its
/// deliveries says what it answered. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{webhook}/test", tag = "webhooks", params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id")),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "webhook_paused")))]
pub async fn test_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    webhook::test_webhook(&app, &principal, WebhooksOf::Organization(&organization), &id).await?;
    Ok(StatusCode::ACCEPTED)
}
