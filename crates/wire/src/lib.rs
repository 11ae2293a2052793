//! Protocols that others defined, one a module.
//!
//! What belongs here: their shapes, and how a use case's answer looks in them. What does not: rules, and JSON of our own
//! (`api`).

mod authzen;
mod tlog;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use orglink_http::{AppState, limit_address};

/// A route of a protocol: what the generated walk over every route reads.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    handler: MethodRouter<AppState>,
}

/// Every route there is.
#[must_use]
pub fn routes() -> Vec<Route> {
    [authzen::routes(), tlog::routes()].into_iter().flatten().collect()
}

/// The routes, under the limits that everything has.
pub fn router() -> Router<AppState> {
    routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler))
        .layer(from_fn(limit_address))
}
