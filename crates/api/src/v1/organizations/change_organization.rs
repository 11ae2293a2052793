//! Changes an organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::organization;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::view::OrganizationJson;

/// What is to be different.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationChanges {
    name: String,
}

/// Give an organization you administer another name; its slug stays. Scope: `write`.
#[utoipa::path(patch, path = "/organizations/{organization}", tag = "organizations", request_body = OrganizationChanges,
    params(("organization" = String, Path, description = "Slug or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 200, body = OrganizationJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<OrganizationChanges>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    organization::change_organization(&app, &principal, &reference, &wanted.name, expected).await?;
    let now = organization::view_organization(&app, &principal, &reference).await?.organization;
    Ok((etag(now.version), Json(OrganizationJson::of(&now))))
}
