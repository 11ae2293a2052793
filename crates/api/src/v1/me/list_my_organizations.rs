//! Lists one's own organizations.

use axum::Json;
use axum::extract::State;
use orglink_app::mine;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;
use crate::view::{HeldRoleJson, ListJson, OrganizationJson};

/// An organization of yours.
#[derive(Serialize, ToSchema)]
pub struct MyOrganizationJson {
    organization: OrganizationJson,
    /// Everything that you hold in it.
    roles: Vec<HeldRoleJson>,
}

/// The organizations in which you hold any role, by slug, each with those roles; for an operator too only those.
/// Scope: `read`.
#[utoipa::path(get, path = "/me/organizations", tag = "account", params(PageQuery),
    responses((status = 200, body = ListJson<MyOrganizationJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list_my_organizations(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<MyOrganizationJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = mine::list_my_organizations(&app, &principal, &page.request()?).await?;
    let json = |o: mine::MyOrganization| MyOrganizationJson {
        organization: OrganizationJson::of(&o.organization),
        roles: o.roles.into_iter().map(HeldRoleJson::of).collect(),
    };
    Ok(Json(ListJson::of(found.map(json))))
}
