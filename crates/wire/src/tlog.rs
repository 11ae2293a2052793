//! C2SP `tlog-tiles`: the transparency log for any monitor. Everybody may read it: it holds ids and times, and no
//! personal data.
//!
//! Each log has a place of its own, `/ledger/ID`, as its origin says; `/ledger` itself is the one that goes on.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::routing::get;
use orglink_app::Error;
use orglink_app::ledger::{LogName, find_checkpoint, read_tile};
use orglink_domain::ledger::TilePath;
use orglink_http::{AppState, Failure};
use uuid::Uuid;

use crate::Route;

/// A checkpoint is soon followed by another.
const SOON: &str = "public, max-age=1";
/// What a log of its own place holds never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Another log may go on here, where somebody had to begin anew.
const FOR_NOW: &str = "public, max-age=60";

pub fn routes() -> Vec<Route> {
    let route = |path, handler| Route { method: "GET", path, handler };
    vec![
        route("/ledger/checkpoint", get(show_current_checkpoint)),
        route("/ledger/tile/{*tile}", get(show_current_tile)),
        route("/ledger/{log}/checkpoint", get(show_checkpoint)),
        route("/ledger/{log}/tile/{*tile}", get(show_tile)),
    ]
}

fn headers(kind: &'static str, keep: &'static str) -> HeaderMap {
    let pairs: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep),
        // Monitors may be pages of others: this is for everybody.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    pairs.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
}

fn log_named(id: &str) -> Result<LogName, Failure> {
    id.parse::<Uuid>().map(LogName::Id).map_err(|_| Failure(Error::not_found("ledger", id)))
}

async fn checkpoint(app: &AppState, log: LogName) -> Result<(HeaderMap, String), Failure> {
    let note = find_checkpoint(app, log).await.map_err(Failure)?;
    Ok((headers("text/plain; charset=utf-8", SOON), note))
}

async fn tile(app: &AppState, log: LogName, path: &str, keep: &'static str) -> Result<(HeaderMap, Vec<u8>), Failure> {
    let path: TilePath = path.parse().map_err(|_| Failure(Error::not_found("tile", path)))?;
    let bytes = read_tile(app, log, &path).await.map_err(Failure)?;
    Ok((headers("application/octet-stream", keep), bytes))
}

/// What a path names; what is no text names nothing.
fn named<T>(path: Result<Path<T>, PathRejection>) -> Result<T, Failure> {
    path.map(|Path(named)| named).map_err(|_| Failure(Error::not_found("ledger", "of that name")))
}

async fn show_current_checkpoint(State(app): State<AppState>) -> Result<(HeaderMap, String), Failure> {
    checkpoint(&app, LogName::Current).await
}

async fn show_current_tile(
    State(app): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Result<(HeaderMap, Vec<u8>), Failure> {
    tile(&app, LogName::Current, &named(path)?, FOR_NOW).await
}

async fn show_checkpoint(
    State(app): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Result<(HeaderMap, String), Failure> {
    checkpoint(&app, log_named(&named(path)?)?).await
}

async fn show_tile(
    State(app): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<(HeaderMap, Vec<u8>), Failure> {
    let (log, path) = named(path)?;
    tile(&app, log_named(&log)?, &path, FOR_EVER).await
}
