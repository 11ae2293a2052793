//! Where an extension has itself told.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::extension;
use orglink_app::webhook::{Webhook, host_of};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_domain::webhook::WebhookState;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;
use crate::view::ListJson;

/// A webhook that an extension made, as the workspace's admins see it.
#[derive(Serialize, ToSchema)]
pub struct ExtensionWebhookJson {
    id: String,
    /// Where what happens is sent; the rest of the address is the extension's own.
    host: String,
    description: String,
    /// Types of events, or beginnings that end in a dot; all when there are none.
    types: Vec<String>,
    /// `active`, `paused`, `failed` (it took nothing for three days) or `gone` (it answered 410). Nothing is sent while the
    /// extension is suspended, whatever this says.
    #[schema(value_type = String)]
    state: WebhookState,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Failures since the last success, and since when.
    failures: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
}

impl ExtensionWebhookJson {
    fn of(w: &Webhook) -> Self {
        Self {
            id: w.id.to_string(),
            host: host_of(&w.url),
            description: w.description.clone(),
            types: w.types.clone(),
            state: w.state,
            created_at: w.created_at,
            failures: w.failures,
            failing_since: w.failing_since,
        }
    }
}

/// Where an extension that is installed in a workspace you administer has itself told of what happens there. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/extensions/{extension}/webhooks", tag = "extensions",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("extension" = String, Path, description = "Its name in the catalog"), PageQuery),
    responses((status = 200, body = ListJson<ExtensionWebhookJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_installed")))]
pub async fn list_extension_webhooks(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, name)): Path<(String, String)>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let of = (workspace.as_str(), name.as_str());
    let (workspace, page) = extension::list_extension_webhooks(&app, &principal, of, &query.request()?).await?;
    Ok((etag(workspace.version), Json(ListJson::of(page.map(|webhook| ExtensionWebhookJson::of(&webhook))))))
}
