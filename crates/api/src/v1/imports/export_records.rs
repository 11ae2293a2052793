//! Exports everything as records.

use axum::extract::State;
use axum::response::IntoResponse;
use orglink_app::export;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, download};

/// Everything as import records, in a stable order (NDJSON). A broken-off answer is an error: it has no end.
/// Scope: `operator`.
#[utoipa::path(get, path = "/export", tag = "operator",
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 403, body = Problem)))]
pub async fn export_records(State(app): State<AppState>, caller: Caller) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    export::require_export(&app, &principal)?;
    Ok(download("application/x-ndjson", None, |to| async move { export::export_records(&app, &principal, to).await }))
}
