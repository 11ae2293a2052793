//! `/metrics` for Prometheus: where it is, and who may ask.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use orglink_domain::digest::Digest;

/// What was counted, for whoever may know.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    /// The digest of the token that whoever asks must send.
    token: Option<Digest>,
}

impl Metrics {
    #[must_use]
    pub fn new(handle: PrometheusHandle, token: Option<&str>) -> Self {
        Self { handle, token: token.map(|token| Digest::of(&[token.as_bytes()])) }
    }

    /// The one route.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new().route("/metrics", get(move |headers: HeaderMap| async move { self.answer(&headers) }))
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let sent = sent.and_then(|value| value.strip_prefix("Bearer ")).map(|token| Digest::of(&[token.as_bytes()]));
        if self.token.is_some() && sent != self.token {
            return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
        }
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], self.handle.render()).into_response()
    }
}
