//! Lists webhooks.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::webhook::{self, WebhooksOf};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};

use super::allowed;
use super::view::WebhookJson;
use crate::v1::PageQuery;
use crate::view::ListJson;

type Listed = ([(axum::http::HeaderName, String); 1], Json<ListJson<WebhookJson>>);

async fn list(app: AppState, caller: Caller, of: WebhooksOf<'_>, query: PageQuery) -> Result<Listed, Failure> {
    let principal = allowed(caller, of, Scope::Read)?;
    let (owner, page) = webhook::list_webhooks(&app, &principal, of, &query.request()?).await?;
    let now = app.now();
    Ok((etag(owner.version), Json(ListJson::of(page.map(|webhook| WebhookJson::of(&webhook, now))))))
}

/// The webhooks of a workspace you administer. Scope: `read`; an extension, of its own: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/webhooks", tag = "webhooks", params(("workspace" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<WebhookJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_webhooks(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Listed, Failure> {
    list(app, caller, WebhooksOf::Workspace(&workspace), query).await
}

/// The webhooks of an organization you administer. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks", tag = "webhooks", params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<WebhookJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_webhooks(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Listed, Failure> {
    list(app, caller, WebhooksOf::Organization(&organization), query).await
}
