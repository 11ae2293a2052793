//! Protocols that others defined, one a module.
//!
//! What belongs here: their shapes, and how a use case's answer looks in them. What does not: rules, and JSON of our own
//! (`api`).

mod authzen;
mod mcp;
mod ofrep;
mod registry;
mod tlog;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use orglink_http::{AppState, limit_address};

/// A route of a protocol: what the generated walk over every route reads.
#[derive(Clone)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    handler: MethodRouter<AppState>,
}

/// Every route there is.
#[must_use]
pub fn routes() -> Vec<Route> {
    [limited(), ofrep::questions()].concat()
}

fn limited() -> Vec<Route> {
    [authzen::routes(), mcp::routes(), ofrep::routes(), registry::routes(), tlog::routes()].concat()
}

/// The routes, under the limits that everything has; what products ask has limits of its own.
pub fn router() -> Router<AppState> {
    let of = |routes: Vec<Route>| {
        routes.into_iter().fold(Router::new(), |router, route| router.route(route.path, route.handler))
    };
    of(limited()).layer(from_fn(limit_address)).merge(of(ofrep::questions()))
}
