//! Looks at a plan again.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::link;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::PlanJson;

/// A plan by its digest: as it would be now, with what has changed since it was made. Scope: `link`.
#[utoipa::path(get, path = "/link-plans/{digest}", tag = "links", params(("digest" = String, Path)),
    responses((status = 200, body = PlanJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_plan(
    State(app): State<AppState>,
    caller: Caller,
    Path(digest): Path<String>,
) -> Result<Json<PlanJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    Ok(Json(PlanJson::of(&link::view_plan(&app, &principal, &digest).await?)))
}
