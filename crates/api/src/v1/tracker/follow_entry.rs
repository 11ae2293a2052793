//! Follows an entry of the tracker, or no longer.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::tracker;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

/// Be told of what the operator says of an entry, and when an organization of yours has what it was lacking. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/tracker/{entry}/follow", tag = "tracker",
    params(("entry" = String, Path, description = "Its name in the catalog")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn follow_tracker_entry(
    State(app): State<AppState>,
    caller: Caller,
    Path(entry): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    tracker::follow_tracker_entry(&app, &principal, &entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Be told of it no more. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(delete, path = "/tracker/{entry}/follow", tag = "tracker",
    params(("entry" = String, Path, description = "Its name in the catalog")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn unfollow_tracker_entry(
    State(app): State<AppState>,
    caller: Caller,
    Path(entry): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    tracker::unfollow_tracker_entry(&app, &principal, &entry).await?;
    Ok(StatusCode::NO_CONTENT)
}
