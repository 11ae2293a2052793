//! Lists the apps of an organization.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::organization;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;
use crate::view::WorkspaceJson;

/// What an organization has.
#[derive(Serialize, ToSchema)]
pub struct AppList {
    /// Products on its sites (on the first page only).
    products: Vec<ProductJson>,
    /// Linked workspaces, by slug.
    items: Vec<LinkedJson>,
    next: Option<String>,
}

/// A product on a site.
#[derive(Serialize, ToSchema)]
pub struct ProductJson {
    site: String,
    product: String,
    title: String,
}

/// A linked workspace.
#[derive(Serialize, ToSchema)]
pub struct LinkedJson {
    #[serde(flatten)]
    workspace: WorkspaceJson,
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// The name of whoever linked it.
    linked_by: String,
}

/// The Apps page: products on sites, and linked workspaces. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/apps", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = AppList), (status = 404, body = Problem)))]
pub async fn list_apps(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<AppList>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let apps = organization::list_apps(&app, &principal, &organization, &page.request()?).await?;
    let product = |p: organization::ProductApp| ProductJson { site: p.site, product: p.product, title: p.title };
    let linked = |l: organization::LinkedApp| LinkedJson {
        workspace: WorkspaceJson::of(&l.workspace),
        linked_at: l.linked_at,
        linked_by: l.linked_by,
    };
    Ok(Json(AppList {
        products: if page.cursor.is_none() { apps.products.into_iter().map(product).collect() } else { vec![] },
        items: apps.linked.items.into_iter().map(linked).collect(),
        next: apps.linked.next,
    }))
}
