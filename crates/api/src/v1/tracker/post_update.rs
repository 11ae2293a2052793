//! Says how far an entry of the tracker is.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use orglink_app::Error;
use orglink_app::tracker::{self, NewTrackerUpdate};
use orglink_domain::text::UnknownWord;
use orglink_domain::token::Scope;
use orglink_domain::tracker::TrackerState;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::TrackerEntryJson;
use crate::v1::idempotency_key;

/// What the operator says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackerUpdateRequest {
    /// `planned`, `in_progress` or `available`.
    state: String,
    /// For everybody to read.
    note: String,
}

/// Say how far an entry is: dated, kept, and told to whoever follows it. Scope: `operator`.
#[utoipa::path(post, path = "/tracker/{entry}/updates", tag = "tracker", request_body = TrackerUpdateRequest,
    params(("entry" = String, Path, description = "Its name in the catalog"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = TrackerEntryJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn post_tracker_update(
    State(app): State<AppState>,
    caller: Caller,
    Path(entry): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<TrackerUpdateRequest>,
) -> Result<(StatusCode, Json<TrackerEntryJson>), Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let state = wanted.state.parse::<TrackerState>();
    let state = state.map_err(|e: UnknownWord| Error::field("state", e.to_string()))?;
    let new = NewTrackerUpdate { state, note: wanted.note };
    tracker::post_tracker_update(&app, &principal, &entry, &new, idempotency_key(&headers)?).await?;
    let now = tracker::view_tracker_entry(&app, Some(&principal), &entry).await?;
    Ok((StatusCode::CREATED, Json(TrackerEntryJson::of(&now, &app.settings.public_url))))
}
