//! Shows what was sent to a webhook of one event, and what it answered.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::WholeDeliveryJson;

/// One delivery of a webhook of a workspace you administer: the body that is sent, and the beginning of what was answered each time. Scope: `read`; an extension, of its own: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/webhooks/{webhook}/deliveries/{position}", tag = "webhooks",
    params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("position" = i64, Path, description = "Of the event")),
    responses((status = 200, body = WholeDeliveryJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_workspace_webhook_delivery(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id, position)): Path<(String, String, String)>,
) -> Result<Json<WholeDeliveryJson>, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::EventsRead)?;
    let view = webhook::view_delivery(&app, &principal, WebhooksOf::Workspace(&workspace), &id, &position).await?;
    Ok(Json(WholeDeliveryJson::of(&view)))
}

/// One delivery of a webhook of an organization you administer: the body that is sent, and the beginning of what was answered each time. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks/{webhook}/deliveries/{position}", tag = "webhooks",
    params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), ("position" = i64, Path, description = "Of the event")),
    responses((status = 200, body = WholeDeliveryJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_organization_webhook_delivery(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id, position)): Path<(String, String, String)>,
) -> Result<Json<WholeDeliveryJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view =
        webhook::view_delivery(&app, &principal, WebhooksOf::Organization(&organization), &id, &position).await?;
    Ok(Json(WholeDeliveryJson::of(&view)))
}
