//! One domain of an organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::domain_claim;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};

use super::view::DomainJson;

/// A domain of the organization, with the record that shows it. For its admins and auditors, and operators. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/domains/{domain}", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ("domain" = String, Path, description = "Such as company.example")),
    responses((status = 200, body = DomainJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_domain(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, domain)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (of, view) = domain_claim::view_domain(&app, &principal, &organization, &domain).await?;
    Ok((etag(of.organization.version), Json(DomainJson::of(&view))))
}
