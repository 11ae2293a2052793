//! The API without a network: the router of this process, with the operator at the machine as principal.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use orglink_app::{App, notify, upkeep};
use orglink_client::{Error, Response, Transport};
use orglink_http::{LocalOperator, Network};
use tower::ServiceExt as _;

/// A way to the API of the application on a local database.
pub struct InProcess {
    app: Arc<App>,
    router: Router,
    operator: LocalOperator,
}

impl InProcess {
    pub fn new(app: Arc<App>, operator: LocalOperator) -> Self {
        let router = crate::router::router(Arc::clone(&app), Network::default(), None);
        Self { app, router, operator }
    }

    async fn exchange(&self, request: orglink_client::Request) -> Result<Response, Error> {
        let is_write = request.method != "GET";
        let mut sent = Request::builder().method(request.method).uri(request.path);
        if let Some(headers) = sent.headers_mut() {
            *headers = request.headers;
        }
        let body = Body::from(request.body.unwrap_or_default());
        let mut sent = sent.body(body).map_err(|e| Error::Invalid(e.to_string()))?;
        sent.extensions_mut().insert(self.operator.clone());
        let Ok(answer) = self.router.clone().oneshot(sent).await;
        let (head, body) = answer.into_parts();
        let broken = |e: axum::Error| Error::Unreachable(format!("the answer broke off: {e}"));
        let body = body.into_data_stream().map_ok(Vec::from).map_err(broken);
        if !is_write {
            return Ok(Response { status: head.status, headers: head.headers, body: body.boxed() });
        }
        let whole = body.try_concat().await?;
        // The write is done; that its events wait for their positions must not look like a failure.
        if let Err(e) = upkeep::sequence_pending(&self.app).await {
            eprintln!("orglink: done, but events could not be placed yet: {e}");
        } else if let Err(e) = notify::notify_pending(&self.app).await {
            eprintln!("orglink: done, but nobody could be told yet: {e}");
        }
        let body = stream::iter([Ok(whole)]).boxed();
        Ok(Response { status: head.status, headers: head.headers, body })
    }
}

impl Transport for InProcess {
    fn send(&self, request: orglink_client::Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(self.exchange(request))
    }
}
