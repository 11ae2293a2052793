//! Gives and takes roles on an organization.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::Expected;
use orglink_app::organization::{RolePlace, change_role};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

use crate::v1::role_word;

/// Give somebody the organization knows a role on an organization you administer. Giving what is held changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/roles/{role}/{account}", tag = "roles",
    params(("organization" = String, Path, description = "Slug or id"), ("role" = String, Path, description = "admin, user_access_admin, billing_admin or auditor"), ("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_known_here")))]
pub async fn grant_organization_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, role, account)): Path<(String, String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let place = RolePlace::Organization(role_word(&role)?);
    let version = change_role(&app, &principal, &organization, place, &account, true, Expected::Any).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take a role on an organization you administer from somebody, or give up your own. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/roles/{role}/{account}", tag = "roles",
    params(("organization" = String, Path, description = "Slug or id"), ("role" = String, Path, description = "admin, user_access_admin, billing_admin or auditor"), ("account" = String, Path, description = "Address or id"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn revoke_organization_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, role, account)): Path<(String, String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let place = RolePlace::Organization(role_word(&role)?);
    let version = change_role(&app, &principal, &organization, place, &account, false, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
