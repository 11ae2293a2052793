//! A file that is made while it is sent.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use orglink_app::Error;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Chunks that wait for a slow reader.
const WAITING: usize = 8;

/// An answer whose body is what `work` sends, under a name to keep it by. What fails on the way breaks the answer off: it
/// has no end.
pub fn download<F>(
    content_type: &'static str,
    name: Option<&'static str>,
    work: impl FnOnce(mpsc::Sender<Vec<u8>>) -> F,
) -> Response
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let (to, from) = mpsc::channel(WAITING);
    let (failed, failure) = tokio::sync::oneshot::channel();
    let work = work(to);
    tokio::spawn(async move {
        let _ = failed.send(work.await.err());
    });
    let chunks = ReceiverStream::new(from).map(Ok::<_, std::io::Error>);
    let end = futures_util::stream::once(failure).filter_map(|outcome| async move {
        match outcome {
            Ok(None) => None,
            Ok(Some(e)) => Some(Err(std::io::Error::other(e.to_string()))),
            Err(e) => Some(Err(std::io::Error::other(e.to_string()))),
        }
    });
    let body = Body::from_stream(chunks.chain(end));
    let kept = name.map(|name| [(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))]);
    ([(CONTENT_TYPE, content_type)], kept, body).into_response()
}
