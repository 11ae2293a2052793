//! Lists recoveries.

use axum::Json;
use axum::extract::State;
use orglink_app::recovery;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use super::RecoveryJson;
use crate::v1::PageQuery;
use crate::view::ListJson;

/// The recoveries that you asked for, the newest first; operators see all. Scope: `read`.
#[utoipa::path(get, path = "/recoveries", tag = "recoveries", params(PageQuery),
    responses((status = 200, body = ListJson<RecoveryJson>), (status = 403, body = Problem)))]
pub async fn list_recoveries(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<RecoveryJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = recovery::list_recoveries(&app, &principal, &page.request()?).await?;
    Ok(Json(ListJson::of(found.map(RecoveryJson::of))))
}
