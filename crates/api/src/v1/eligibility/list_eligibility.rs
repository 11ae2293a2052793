//! Lists the eligibility of all that somebody administers.

use axum::Json;
use axum::extract::State;
use orglink_app::eligibility;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use crate::v1::PageQuery;
use crate::view::{LinkableJson, ListJson};

/// The workspaces you administer, each with whether it can be linked and why not. Scope: `read`.
#[utoipa::path(get, path = "/eligibility", tag = "eligibility", params(PageQuery),
    responses((status = 200, body = ListJson<LinkableJson>), (status = 401, body = Problem)))]
pub async fn list_eligibility(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<LinkableJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let list = eligibility::list_linkable(&app, &principal, None, &page.request()?).await?;
    Ok(Json(ListJson::of(list.page.map(|row| LinkableJson::of(&row)))))
}
