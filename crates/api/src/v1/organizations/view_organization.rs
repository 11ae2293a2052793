//! Looks at an organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::organization;
use orglink_domain::role::{Administration, OrganizationStanding};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::{HeldRoleJson, OrganizationJson};

/// An organization, and what you are to it.
#[derive(Serialize, ToSchema)]
pub struct OrganizationDetail {
    #[serde(flatten)]
    organization: OrganizationJson,
    /// `admin`, `auditor`, `holder` (any other role) or `none` (an operator looking).
    #[schema(value_type = String)]
    role: OrganizationStanding,
    /// Everything that you hold in it.
    roles: Vec<HeldRoleJson>,
    verified_domains: Vec<String>,
    linked_workspaces: i64,
    /// `nobody`, `one_person` or `several` who can act; null when you may not see its people.
    #[schema(value_type = Option<String>)]
    administration: Option<Administration>,
    /// What its admins should do something about.
    warning: Option<String>,
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
        administration: view.administration,
        warning: view.warning(),
        role: view.role,
        roles: view.roles.into_iter().map(HeldRoleJson::of).collect(),
        verified_domains: view.domains,
        linked_workspaces: view.linked_workspaces,
    };
    Ok((etag(view.organization.version), Json(detail)))
}
