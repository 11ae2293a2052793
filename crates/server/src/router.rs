//! All ways in as one router, with what holds for every request.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use orglink_app::App;
use orglink_http::{AppState, Network, count_requests, enter, guard_host, protect, run_writes_to_the_end};
use orglink_store::StoreError;

use crate::metrics::Metrics;

/// The pages, the API, the protocols of others and the probes; `/metrics` only where it may be asked for here.
pub fn router(app: Arc<App>, network: Network, metrics: Option<Metrics>) -> Router {
    Router::new()
        .merge(orglink_api::router())
        .merge(orglink_wire::router())
        .merge(orglink_web::router(orglink_api::DOCUMENT))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(is_ready))
        .merge(metrics.map(Metrics::router).unwrap_or_default())
        .fallback(|| async { orglink_web::not_found() })
        .layer(from_fn(run_writes_to_the_end))
        .layer(from_fn_with_state(Arc::clone(&app), guard_host))
        .layer(from_fn(protect))
        .layer(from_fn(count_requests))
        .layer(from_fn_with_state(Arc::new(network), enter))
        .with_state(app)
}

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether requests can be answered: the database is there, its schema is ours, and there is room to write.
async fn is_ready(State(app): State<AppState>) -> (StatusCode, &'static str) {
    let look = async {
        app.db.check_schema().await?;
        app.db.check_room().await
    };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
        Ok(Err(e)) => {
            tracing::warn!(error = %e, "not ready");
            let why = match e {
                StoreError::Full(_) => "there is no room left to write\n",
                StoreError::ReadOnly(_) => "the database takes no changes\n",
                StoreError::OlderSchema { .. } | StoreError::NewerSchema { .. } => "the schema is not this program's\n",
                _ => "the database is not reachable\n",
            };
            (StatusCode::SERVICE_UNAVAILABLE, why)
        }
    }
}
