//! Deletes a webhook.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Delete a webhook of a workspace you administer, with the log of its deliveries. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/webhooks/{webhook}", tag = "webhooks", params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The workspace's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope_or(Scope::Write, ExtensionScope::EventsRead)?;
    let version = webhook::delete_webhook(&app, &principal, WebhooksOf::Workspace(&workspace), &id, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Delete a webhook of an organization you administer, with the log of its deliveries. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/webhooks/{webhook}", tag = "webhooks", params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version =
        webhook::delete_webhook(&app, &principal, WebhooksOf::Organization(&organization), &id, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
