//! Lists who holds which role on an organization.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{Page, organization};
use orglink_domain::role::OrganizationRole;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::ListJson;

/// Somebody with a role on the organization.
#[derive(Serialize, ToSchema)]
pub struct PersonJson {
    email: String,
    name: String,
    #[schema(value_type = String)]
    role: OrganizationRole,
}

/// Who holds which role on the organization, by address. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/people", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ListJson<PersonJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_people(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<Json<ListJson<PersonJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let people = organization::list_people(&app, &principal, &organization).await?;
    let items =
        people.into_iter().map(|p| PersonJson { email: p.account.email, name: p.account.name, role: p.role }).collect();
    Ok(Json(ListJson::of(Page { items, next: None })))
}
