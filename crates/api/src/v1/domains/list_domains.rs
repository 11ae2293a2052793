//! Lists the domains of an organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use orglink_app::domain_claim;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};

use super::view::DomainJson;
use crate::v1::PageQuery;
use crate::view::ListJson;

type Listed = ([(HeaderName, String); 1], Json<ListJson<DomainJson>>);

/// The domains that the organization has shown to be its own, or wants to, by name. For its admins and auditors, and operators.
/// Those that the operator's import gave it are not among them. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/domains", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<DomainJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_domains(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Listed, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (of, page) = domain_claim::list_domains(&app, &principal, &organization, &query.request()?).await?;
    Ok((etag(of.organization.version), Json(ListJson::of(page.map(|view| DomainJson::of(&view))))))
}
