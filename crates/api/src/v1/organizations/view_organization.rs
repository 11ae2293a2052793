//! Looks at an organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::organization;
use orglink_domain::role::OrganizationStanding;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::OrganizationJson;

/// An organization, and what you are to it.
#[derive(Serialize, ToSchema)]
pub struct OrganizationDetail {
    #[serde(flatten)]
    organization: OrganizationJson,
    /// `admin`, `auditor`, `holder` (any other role) or `none` (an operator looking).
    #[schema(value_type = String)]
    role: OrganizationStanding,
    verified_domains: Vec<String>,
    linked_workspaces: i64,
}

/// One organization, by slug or id. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = OrganizationDetail), (status = 404, body = Problem)))]
pub async fn view_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view = organization::view_organization(&app, &principal, &organization).await?;
    let detail = OrganizationDetail {
        organization: OrganizationJson::of(&view.organization),
        role: view.role,
        verified_domains: view.domains,
        linked_workspaces: view.linked_workspaces,
    };
    Ok((etag(view.organization.version), Json(detail)))
}
