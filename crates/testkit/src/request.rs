//! Requests to the whole router in memory, and what came back.

use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::TestApp;

/// What came back from a request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub etag: String,
    pub retry_after: String,
    pub request_id: String,
    pub text: String,
}

impl Answer {
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    /// What was said, without what the request is called and with a name in place of another: for answers that must
    /// be alike.
    #[must_use]
    pub fn said(&self, name: &str, instead: &str) -> String {
        let text =
            if self.request_id.is_empty() { self.text.clone() } else { self.text.replace(&self.request_id, "REQUEST") };
        text.replace(name, instead)
    }
}

/// A stream of server-sent events.
pub struct Listened {
    chunks: std::pin::Pin<Box<axum::body::BodyDataStream>>,
    text: String,
}

impl Listened {
    /// The next event that carries data, as it came; nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if event.contains("data:") {
                    return Some(event);
                }
            }
            let wait = std::time::Duration::from_secs(20);
            let chunk = tokio::time::timeout(wait, self.chunks.next()).await.expect("something is told in time")?;
            self.text += &String::from_utf8_lossy(&chunk.unwrap());
        }
    }
}

impl TestApp {
    /// Sends a request to the whole router, as it would come over the network.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "orglink.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (location, etag, kind) = (header("location"), header("etag"), header("content-type"));
        let (retry_after, request_id) = (header("retry-after"), header("x-request-id"));
        let text = if kind.starts_with("text/event-stream") {
            String::new()
        } else {
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Answer { status, location, etag, retry_after, request_id, text }
    }

    /// A change through the API of something as it is now.
    pub async fn change(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.change_if(token, method, path, body, "*").await
    }

    /// A change through the API of something as it was seen (`If-Match`; nothing is sent when empty).
    pub async fn change_if(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        if_match: &str,
    ) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("authorization", bearer.as_str())];
        if !if_match.is_empty() {
            headers.push(("if-match", if_match));
        }
        let body = body.map(|b| b.to_string()).unwrap_or_default();
        self.send(method, &format!("/api/v1{path}"), &headers, &body).await
    }

    /// A request to the API with a token.
    pub async fn api(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let bearer = format!("Bearer {token}");
        let body = body.map(|b| b.to_string()).unwrap_or_default();
        self.send(method, &format!("/api/v1{path}"), &[("authorization", &bearer)], &body).await
    }

    /// Reads a stream of the API to its end, beside whatever else happens; once it has begun.
    pub async fn follow(&self, token: &str, path: &str) -> tokio::task::JoinHandle<String> {
        let request = Request::builder()
            .uri(format!("/api/v1{path}"))
            .header("host", "orglink.test")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        tokio::spawn(async move {
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }

    /// Listens to a stream of server-sent events; once it has begun.
    pub async fn listen(&self, path: &str, headers: &[(&str, &str)]) -> Listened {
        let mut request = Request::builder().uri(path).header("host", "orglink.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        Listened { chunks: Box::pin(response.into_body().into_data_stream()), text: String::new() }
    }
}
