//! Exports everything as records.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use futures_util::StreamExt as _;
use orglink_app::export;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use tokio_stream::wrappers::ReceiverStream;

/// Everything as import records, in a stable order (NDJSON). A broken-off answer is an error: it has no end.
/// Scope: `operator`.
#[utoipa::path(get, path = "/export", tag = "operator",
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 403, body = Problem)))]
pub async fn export_records(State(app): State<AppState>, caller: Caller) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    export::require_export(&app, &principal)?;
    let (to, from) = tokio::sync::mpsc::channel(8);
    let (failed, failure) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let outcome = export::export_records(&app, &principal, to).await;
        let _ = failed.send(outcome.err());
    });
    let chunks = ReceiverStream::new(from).map(Ok::<_, std::io::Error>);
    let end = futures_util::stream::once(failure).filter_map(|outcome| async move {
        match outcome {
            Ok(None) => None,
            Ok(Some(e)) => Some(Err(std::io::Error::other(e.to_string()))),
            Err(e) => Some(Err(std::io::Error::other(e.to_string()))),
        }
    });
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(chunks.chain(end))))
}
