//! Lists what could be linked to an organization.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::eligibility;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use crate::v1::PageQuery;
use crate::view::{LinkableJson, ListJson};

/// The workspaces you administer, each with whether it can be linked to this organization and why not. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/linkable-workspaces", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<LinkableJson>), (status = 404, body = Problem)))]
pub async fn list_linkable(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<LinkableJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let list = eligibility::list_linkable(&app, &principal, Some(&organization), &page.request()?).await?;
    Ok(Json(ListJson::of(list.page.map(|row| LinkableJson::of(&row)))))
}
