//! Gives and takes roles on sites and on the apps of sites.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::Expected;
use orglink_app::organization::{RolePlace, change_role};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

use crate::v1::role_word;

/// Give somebody the organization knows a role on a site. Giving what is held changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/sites/{site}/roles/{role}/{account}", tag = "roles",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"), ("role" = String, Path, description = "site_admin or user_access_admin"), ("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_known_here")))]
pub async fn grant_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, role, account)): Path<(String, String, String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let place = RolePlace::Site(&site, role_word(&role)?);
    let version = change_role(&app, &principal, &organization, place, &account, true, Expected::Any).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take a role on a site from somebody, or give up your own. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/sites/{site}/roles/{role}/{account}", tag = "roles",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"), ("role" = String, Path, description = "site_admin or user_access_admin"), ("account" = String, Path, description = "Address or id"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn revoke_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, role, account)): Path<(String, String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let place = RolePlace::Site(&site, role_word(&role)?);
    let version = change_role(&app, &principal, &organization, place, &account, false, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Give somebody the organization knows a role on one app of a site. Giving what is held changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/sites/{site}/products/{product}/roles/{role}/{account}", tag = "roles",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"), ("product" = String, Path, description = "A product on the site"), ("role" = String, Path, description = "app_admin or user_access_admin"), ("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_known_here")))]
pub async fn grant_app_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, product, role, account)): Path<(String, String, String, String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let place = RolePlace::App(&site, &product, role_word(&role)?);
    let version = change_role(&app, &principal, &organization, place, &account, true, Expected::Any).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take a role on one app of a site from somebody, or give up your own. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/sites/{site}/products/{product}/roles/{role}/{account}", tag = "roles",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"), ("product" = String, Path, description = "A product on the site"), ("role" = String, Path, description = "app_admin or user_access_admin"), ("account" = String, Path, description = "Address or id"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn revoke_app_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, site, product, role, account)): Path<(String, String, String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let place = RolePlace::App(&site, &product, role_word(&role)?);
    let version = change_role(&app, &principal, &organization, place, &account, false, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
