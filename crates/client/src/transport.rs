//! The one thing that differs between ways to reach the API.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderMap, RETRY_AFTER};

use crate::{Error, Request, Version};

/// Carries a request to the API, and its answer back: [`Http`](crate::Http), or whatever else can.
///
/// Retries, problems, pages and JSON are not its business: it answers whatever the server did, also a no.
pub trait Transport: Send + Sync {
    /// Sends a request; an error means that there is no answer.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>>;
}

/// A body as it comes; an error is one that broke off.
pub type Body = BoxStream<'static, Result<Vec<u8>, Error>>;

/// What was answered.
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Body,
}

impl Response {
    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The version of what was answered with.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::of(self.header(ETAG.as_str())?)
    }

    /// For how long the server wants to be left alone. A date, which only others send, is as good as nothing.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.header(RETRY_AFTER.as_str())?.trim().parse().ok().map(Duration::from_secs)
    }

    /// The whole body.
    pub(crate) async fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.body.try_next().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}
