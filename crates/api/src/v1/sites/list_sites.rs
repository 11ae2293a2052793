//! Lists the sites of an organization, and looks at one.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::site;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;
use crate::view::ListJson;

/// A site.
#[derive(Serialize, ToSchema)]
pub struct SiteJson {
    id: String,
    slug: String,
    products: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl SiteJson {
    pub fn of(site: orglink_domain::organization::Site, products: Vec<String>) -> Self {
        Self { id: site.id.to_string(), slug: site.slug, products, created_at: site.created_at }
    }
}

/// A site with what hangs on it.
#[derive(Serialize, ToSchema)]
pub struct SiteDetail {
    #[serde(flatten)]
    site: SiteJson,
    admins: i64,
    /// How many workspaces its products are connected to.
    integrations: i64,
    /// How many groups its directory has; none unless the organization has original user management.
    directory_groups: i64,
    /// What whoever manages it should do something about.
    warning: Option<&'static str>,
}

/// The sites of an organization with the products on each, by slug. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/sites", tag = "sites",
    params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<SiteJson>), (status = 404, body = Problem)))]
pub async fn list_sites(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(page): QueryString<PageQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = site::list_sites(&app, &principal, &organization, &page.request()?).await?;
    let items = found.page.map(|(site, products)| SiteJson::of(site, products));
    Ok((etag(found.organization.version), Json(ListJson::of(items))))
}

/// One site. The `ETag` is the organization's version. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/sites/{site}", tag = "sites",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug")),
    responses((status = 200, body = SiteDetail), (status = 404, body = Problem)))]
pub async fn view_site(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, slug)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view = site::view_site(&app, &principal, (&organization, &slug)).await?;
    let detail = SiteDetail {
        warning: view.warning(),
        site: SiteJson::of(view.site, view.products),
        admins: view.admins,
        integrations: view.integrations,
        directory_groups: view.directory_groups,
    };
    Ok((etag(view.organization.version), Json(detail)))
}
