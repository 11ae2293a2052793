//! Lists what was sent to a webhook.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::PageRequest;
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::allowed;
use super::view::DeliveryJson;
use crate::v1::state_word;
use crate::view::ListJson;

/// Which part, and of what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeliveryQuery {
    /// `waiting`, `delivered` or `given_up`.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

async fn list(
    app: AppState,
    caller: Caller,
    (of, id): (WebhooksOf<'_>, &str),
    query: DeliveryQuery,
) -> Result<Json<ListJson<DeliveryJson>>, Failure> {
    let principal = allowed(caller, of, Scope::Read)?;
    let (state, page) = (state_word(query.state.as_deref())?, PageRequest::new(query.cursor.as_deref(), query.limit)?);
    let (_, found) = webhook::list_deliveries(&app, &principal, of, id, state, &page).await?;
    Ok(Json(ListJson::of(found.map(|delivery| DeliveryJson::of(&delivery)))))
}

/// What was sent to a webhook of a workspace you administer, or is about to be, the newest events first. Scope: `read`; an extension, of its own: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/webhooks/{webhook}/deliveries", tag = "webhooks", params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), DeliveryQuery),
    responses((status = 200, body = ListJson<DeliveryJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_webhook_deliveries(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
    QueryString(query): QueryString<DeliveryQuery>,
) -> Result<Json<ListJson<DeliveryJson>>, Failure> {
    list(app, caller, (WebhooksOf::Workspace(&workspace), &id), query).await
}

/// What was sent to a webhook of an organization you administer, or is about to be, the newest events first. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks/{webhook}/deliveries", tag = "webhooks", params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id"), DeliveryQuery),
    responses((status = 200, body = ListJson<DeliveryJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_webhook_deliveries(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
    QueryString(query): QueryString<DeliveryQuery>,
) -> Result<Json<ListJson<DeliveryJson>>, Failure> {
    list(app, caller, (WebhooksOf::Organization(&organization), &id), query).await
}
