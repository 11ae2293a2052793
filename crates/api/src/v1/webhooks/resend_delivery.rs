//! Sends one event again.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

/// Send one event to a webhook of a workspace you administer again, whatever became of it, with the same id. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(post, path = "/workspaces/{workspace}/webhooks/{webhook}/deliveries/{position}/resend", tag = "webhooks",
    params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("position" = i64, Path, description = "Of the event")),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn resend_workspace_webhook_delivery(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id, position)): Path<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope_or(Scope::Write, ExtensionScope::EventsRead)?;
    webhook::resend_delivery(&app, &principal, WebhooksOf::Workspace(&workspace), &id, &position).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Send one event to a webhook of an organization you administer again, whatever became of it, with the same id. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{webhook}/deliveries/{position}/resend", tag = "webhooks",
    params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("position" = i64, Path, description = "Of the event")),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn resend_organization_webhook_delivery(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id, position)): Path<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    webhook::resend_delivery(&app, &principal, WebhooksOf::Organization(&organization), &id, &position).await?;
    Ok(StatusCode::ACCEPTED)
}
