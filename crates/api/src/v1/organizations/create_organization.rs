//! Makes an organization.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use orglink_app::organization::{self, NewOrganization};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::v1::idempotency_key;
use crate::view::OrganizationJson;

/// An organization that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationRequest {
    name: String,
    /// Made from the name when absent.
    slug: Option<String>,
}

/// The organization that was made.
#[derive(Serialize, ToSchema)]
pub struct OrganizationCreated {
    organization: OrganizationJson,
}

/// Make an organization; whoever makes it is its first admin. Scope: `write`.
#[utoipa::path(post, path = "/organizations", tag = "organizations", request_body = OrganizationRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = OrganizationCreated), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "slug_taken"), (status = 422, body = Problem)))]
pub async fn create_organization(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<OrganizationRequest>,
) -> Result<(StatusCode, Json<OrganizationCreated>), Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let wanted = NewOrganization { name: wanted.name, slug: wanted.slug };
    let made = organization::create_organization(&app, &principal, &wanted, idempotency_key(&headers)?).await?;
    let view = organization::view_organization(&app, &principal, &made.answer.to_string()).await?;
    Ok((StatusCode::CREATED, Json(OrganizationCreated { organization: OrganizationJson::of(&view.organization) })))
}
