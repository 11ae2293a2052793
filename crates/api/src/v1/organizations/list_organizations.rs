//! Lists organizations.

use axum::Json;
use axum::extract::State;
use orglink_app::organization;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use crate::v1::PageQuery;
use crate::view::{ListJson, OrganizationJson};

/// The organizations in which you hold any role, by slug; all of them for an operator. Scope: `read`.
#[utoipa::path(get, path = "/organizations", tag = "organizations", params(PageQuery),
    responses((status = 200, body = ListJson<OrganizationJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list_organizations(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<OrganizationJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = organization::list_organizations(&app, &principal, &page.request()?).await?;
    Ok(Json(ListJson::of(found.map(|o| OrganizationJson::of(&o)))))
}
