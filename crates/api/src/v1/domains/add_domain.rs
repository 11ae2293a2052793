//! Adds a domain.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::domain_claim;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::DomainJson;

/// A domain.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainRequest {
    /// Such as `company.example`, in ASCII.
    domain: String,
}

/// Add a domain that the organization has: the answer says which record shows it. Adding it again changes nothing, and verifying
/// it claims nobody. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/domains", tag = "domains", request_body = DomainRequest, params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 201, body = DomainJson), (status = 200, body = DomainJson, description = "It was there already"), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "shared_domain, domain_limit")))]
pub async fn add_domain(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    JsonBody(wanted): JsonBody<DomainRequest>,
) -> Result<(StatusCode, Json<DomainJson>), Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let (claim, is_new) = domain_claim::add_domain(&app, &principal, &organization, &wanted.domain).await?;
    let (_, view) = domain_claim::view_domain(&app, &principal, &organization, &claim.domain).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(DomainJson::of(&view))))
}
