//! The id of a request: in the answer, in problem documents, in every line that is logged meanwhile.

use std::future::Future;
use std::sync::Arc;

use axum::http::HeaderMap;
use tracing::Instrument as _;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// What a request is called; people tell it to the operator, who finds it in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// A new one, or the one a proxy of ours gave.
    pub(crate) fn of(headers: &HeaderMap, is_by_proxy: bool) -> Self {
        let given =
            headers.get("x-request-id").and_then(|value| value.to_str().ok()).filter(|id| is_by_proxy && is_fit(id));
        given.map_or_else(Self::generate, |id| Self(id.into()))
    }

    fn generate() -> Self {
        let mut bytes = [0_u8; 8];
        // Without randomness there are worse troubles than two requests of one name.
        let _ = getrandom::fill(&mut bytes);
        Self(format!("{:016x}", u64::from_be_bytes(bytes)).into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Runs something as part of this request.
    pub async fn carry<F: Future>(&self, work: F) -> F::Output {
        // At every level, so that whichever line is written says it.
        let span = tracing::error_span!("request", request_id = %self.0);
        CURRENT.scope(self.clone(), work.instrument(span)).await
    }

    /// The request that is being answered here.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }
}

/// Short, and nothing that could break a line of a log.
fn is_fit(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
