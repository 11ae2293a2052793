//! Looks at a link.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::link;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use crate::view::LinkJson;

/// A link, from either side. Scope: `read`.
#[utoipa::path(get, path = "/links/{link}", tag = "links", params(("link" = String, Path, description = "Id")),
    responses((status = 200, body = LinkJson), (status = 404, body = Problem)))]
pub async fn view_link(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<LinkJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(LinkJson::of(&link::view_link(&app, &principal, &id).await?)))
}
