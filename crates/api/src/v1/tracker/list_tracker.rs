//! The tracker, and one entry of it.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{Page, tracker};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::TrackerEntryJson;
use crate::view::ListJson;

/// The capabilities that are missing, each with the last that the operator said of it. Scope: `read`.
#[utoipa::path(get, path = "/tracker", tag = "tracker",
    responses((status = 200, body = ListJson<TrackerEntryJson>), (status = 403, body = Problem)))]
pub async fn list_tracker(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<ListJson<TrackerEntryJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = tracker::list_tracker(&app, Some(&principal)).await?;
    let items = found.iter().map(|view| TrackerEntryJson::of(view, &app.settings.public_url)).collect();
    Ok(Json(ListJson::of(Page { items, next: None })))
}

/// One of them, with what the operator said of it. Scope: `read`.
#[utoipa::path(get, path = "/tracker/{entry}", tag = "tracker",
    params(("entry" = String, Path, description = "Its name in the catalog")),
    responses((status = 200, body = TrackerEntryJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_tracker_entry(
    State(app): State<AppState>,
    caller: Caller,
    Path(entry): Path<String>,
) -> Result<Json<TrackerEntryJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = tracker::view_tracker_entry(&app, Some(&principal), &entry).await?;
    Ok(Json(TrackerEntryJson::of(&found, &app.settings.public_url)))
}
