//! Makes a site.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::site;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::SiteJson;
use crate::v1::idempotency_key;

/// A site that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteRequest {
    /// Unique in the installation.
    slug: String,
}

/// Make a site, without products, in an organization you administer. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/sites", tag = "sites", request_body = SiteRequest,
    params(("organization" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = SiteJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "slug_taken"), (status = 422, body = Problem)))]
pub async fn create_site(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<SiteRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let key = idempotency_key(&headers)?;
    let made = site::create_site(&app, &principal, &organization, &wanted.slug, key).await?;
    let view = site::view_site(&app, &principal, (&organization, &made.answer)).await?;
    let version = view.organization.version;
    Ok((StatusCode::CREATED, etag(version), Json(SiteJson::of(view.site, view.products))))
}
