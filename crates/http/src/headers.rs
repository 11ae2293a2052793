//! What holds for every request and every answer.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::caller::LocalOperator;
use crate::{AppState, Problem, RequestId, network_address};

/// Answers 421 to whoever asks for another host than the configured one: every absolute URL comes from
/// `public_url`, and no request can make it come from elsewhere.
pub async fn guard_host(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if is_probe(request.uri().path()) || request.extensions().get::<LocalOperator>().is_some() {
        return next.run(request).await;
    }
    let expected = app.settings.public_url.split_once("://").map_or("", |(_, host)| host);
    let expected = expected.split('/').next().unwrap_or_default();
    let asked = request
        .uri()
        .authority()
        .map(ToString::to_string)
        .or_else(|| request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).map(str::to_owned))
        .unwrap_or_default();
    if asked.eq_ignore_ascii_case(expected) || are_both_loopback(&asked, expected) {
        return next.run(request).await;
    }
    let detail = format!("This installation is at {}.", app.settings.public_url);
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", "Wrong address", detail).into_response()
}

/// What machines ask for all the time.
fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// On a machine of one's own, `localhost` and `127.0.0.1` are the same place.
fn are_both_loopback(asked: &str, expected: &str) -> bool {
    let parts = |host: &str| host.rsplit_once(':').map(|(name, port)| (name.to_owned(), port.to_owned()));
    let is_loopback = |name: &str| matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    match (parts(asked), parts(expected)) {
        (Some((a, a_port)), Some((e, e_port))) => a_port == e_port && is_loopback(&a) && is_loopback(&e),
        _ => false,
    }
}

/// Adds the headers that keep browsers from doing what no page of ours asks for.
pub async fn protect(request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    if !is_asset && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Runs whatever may write in a task of its own, so that a client that goes away cannot cancel between the commit
/// and the answer.
pub async fn run_writes_to_the_end(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let id = request.extensions().get::<RequestId>().cloned();
    let run = next.run(request);
    let task = async move {
        match id {
            Some(id) => id.carry(run).await,
            None => run.await,
        }
    };
    match tokio::spawn(task).await {
        Ok(response) => response,
        Err(e) => {
            tracing::error!(error = %e, "a request died");
            let detail = "Something broke inside. The operator finds the cause in the log.";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Something broke", detail).into_response()
        }
    }
}

/// Counts and times requests by route and status.
pub async fn count_requests(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    // Only known methods: a stranger must not be able to make new series.
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    };
    let address = network_address(request.extensions());
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    // The route, never the path: that of a sign-in link is a secret.
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let code = response.status().as_u16();
    if route.starts_with("/assets/") || is_probe(&route) {
        tracing::debug!(target: "orglink::request", method, route, status = code, milliseconds, address);
    } else {
        tracing::info!(target: "orglink::request", method, route, status = code, milliseconds, address);
    }
    let labels = [("method", method.to_owned()), ("route", route), ("status", status)];
    metrics::counter!("orglink_http_requests_total", &labels).increment(1);
    metrics::histogram!("orglink_http_request_seconds", &labels).record(began.elapsed().as_secs_f64());
    response
}
