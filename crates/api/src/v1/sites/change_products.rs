//! Puts products on a site and takes them away.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::{Expected, site};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Put a product of the catalog on a site you administer. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/sites/{site}/products/{product}", tag = "sites",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"),
        ("product" = String, Path, description = "A product of the catalog")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn add_product(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, slug, product)): Path<(String, String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let at = (organization.as_str(), slug.as_str());
    let version = site::change_product(&app, &principal, at, &product, true, Expected::Any).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take a product from a site you administer, with the roles on it and its connections. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/sites/{site}/products/{product}", tag = "sites",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"),
        ("product" = String, Path, description = "A product on the site"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_product(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, slug, product)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let at = (organization.as_str(), slug.as_str());
    let version = site::change_product(&app, &principal, at, &product, false, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
