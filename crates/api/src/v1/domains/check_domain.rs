//! Looks whether the record stands at a domain.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::domain_claim;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::DomainJson;

/// A domain after a look.
#[derive(Serialize, ToSchema)]
pub struct CheckedJson {
    #[serde(flatten)]
    domain: DomainJson,
    /// Texts that stand at the name of the record, at most five.
    texts: Vec<String>,
}

/// Ask the name servers now; `seen` and `state` say what came of it. It is also done by itself, every few minutes in the beginning.
/// Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/domains/{domain}/check", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ("domain" = String, Path, description = "Such as company.example")),
    responses((status = 200, body = CheckedJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn check_domain(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, domain)): Path<(String, String)>,
) -> Result<Json<CheckedJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let checked = domain_claim::check_domain(&app, &principal, &organization, &domain).await?;
    let (_, view) = domain_claim::view_domain(&app, &principal, &organization, &domain).await?;
    Ok(Json(CheckedJson { domain: DomainJson::of(&view), texts: checked.texts }))
}
