//! Shows a webhook.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};

use super::view::WebhookJson;

/// A webhook of a workspace you administer; never its secret. Scope: `read`; an extension, of its own: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/webhooks/{webhook}", tag = "webhooks", params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id")),
    responses((status = 200, body = WebhookJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::EventsRead)?;
    let view = webhook::view_webhook(&app, &principal, WebhooksOf::Workspace(&workspace), &id).await?;
    Ok((etag(view.owner.version), Json(WebhookJson::of(&view.webhook, app.now()))))
}

/// A webhook of an organization you administer; never its secret. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks/{webhook}", tag = "webhooks", params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id")),
    responses((status = 200, body = WebhookJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view = webhook::view_webhook(&app, &principal, WebhooksOf::Organization(&organization), &id).await?;
    Ok((etag(view.owner.version), Json(WebhookJson::of(&view.webhook, app.now()))))
}
