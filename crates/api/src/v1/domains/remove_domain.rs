//! Removes a domain.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::domain_claim;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, etag};

/// Remove a domain: everybody who is managed by it is released, what was announced is withdrawn, and each of them is told.
/// Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/domains/{domain}", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ("domain" = String, Path, description = "Such as company.example"), ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_domain(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, domain)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = domain_claim::remove_domain(&app, &principal, &organization, &domain, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
