//! Deletes an organization, after saying what hangs on it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::organization;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, ProblemReason, etag};
use serde::Serialize;
use utoipa::ToSchema;

/// What deleting an organization would mean.
#[derive(Serialize, ToSchema)]
pub struct OrganizationDeletionJson {
    /// Why not; empty when it can be deleted.
    blockers: Vec<ProblemReason>,
    sites: i64,
    products: i64,
    /// Connections of its products to workspaces.
    integrations: i64,
    /// People who would lose a role.
    people: i64,
}

/// What deleting an organization you administer would mean; changes nothing. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/deletion", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = OrganizationDeletionJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn preview_organization_deletion(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = organization::preview_deletion(&app, &principal, &reference).await?;
    let deletion = OrganizationDeletionJson {
        blockers: found.blockers.iter().map(ProblemReason::of).collect(),
        sites: found.hanging.sites,
        products: found.hanging.products,
        integrations: found.hanging.integrations,
        people: found.hanging.people,
    };
    Ok((etag(found.organization.version), Json(deletion)))
}

/// Delete an organization you administer, with its sites and roles; refused while a workspace is linked to it.
/// There is no way back. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "has_linked_workspaces"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    organization::delete_organization(&app, &principal, &reference, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
