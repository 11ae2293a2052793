//! Deletes a site.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::site;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Delete a site of an organization you administer, with its products, roles, directory and connections. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/sites/{site}", tag = "sites",
    params(("organization" = String, Path, description = "Slug or id"), ("site" = String, Path, description = "Slug"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_site(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, slug)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = site::delete_site(&app, &principal, (&organization, &slug), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
