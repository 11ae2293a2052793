//! Lists events.

use axum::Json;
use axum::extract::State;
use orglink_app::{Page, event};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::EventJson;
use crate::view::ListJson;

/// From where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// A position; events after it are listed. 0, or nothing, means from the beginning.
    after: Option<i64>,
    /// The same as `after`, as `next` of the page before gives it.
    cursor: Option<i64>,
    /// 1 to 1000; 100 when absent.
    limit: Option<i64>,
}

/// Events in the order of their positions: all of them for an operator's token with the scope `operator`, your own
/// otherwise. Scope: `read`.
#[utoipa::path(get, path = "/events", tag = "events", params(EventQuery),
    responses((status = 200, body = ListJson<EventJson>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list_events(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<EventQuery>,
) -> Result<Json<ListJson<EventJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let limit = query.limit.unwrap_or(100);
    let after = query.cursor.or(query.after).unwrap_or(0);
    let events = event::list_events(&app, &principal, after, limit).await?;
    let is_full = i64::try_from(events.len()).is_ok_and(|n| n == limit);
    let next = events.last().filter(|_| is_full).map(|e| e.position.to_string());
    Ok(Json(ListJson::of(Page { items: events.iter().map(EventJson::of).collect(), next })))
}
