//! Server-sent changes (OFREP, ADR 8): that the flags of a workspace should be asked for again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt as _};
use orglink_app::entitlement::{Listening, TICKET_SECONDS};
use orglink_http::{AppState, Failure, QueryString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use super::flags;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    ticket: Option<String>,
}

/// Says so whenever the answer has become another one.
pub async fn listen(
    State(app): State<AppState>,
    QueryString(query): QueryString<Query>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let listening = Listening::open(&app, query.ticket.as_deref().unwrap_or_default()).map_err(Failure)?;
    let feed = app.feed.subscribe();
    let known = listening.look(&app).await.map_err(Failure)?;
    let (_, tag) = flags(&app, &known).map_err(Failure)?;
    let seconds = listening.until.seconds_since(app.now()).clamp(0, TICKET_SECONDS);
    // Whoever comes back may have missed something.
    let missed = headers.contains_key("last-event-id").then(|| Ok(refetch(app.feed.position(), &tag)));
    let hello = stream::iter([Ok(Event::default().comment("listening"))]).chain(stream::iter(missed));
    let state = (app, listening, feed, known, tag);
    let changes = stream::unfold(state, |(app, listening, mut feed, mut known, mut tag)| async move {
        loop {
            let position = match feed.recv().await {
                Ok(item) if listening.concerns(&known, &item) => item.position,
                Ok(_) => continue,
                // Too slow to hear everything: looked at again, to be sure.
                Err(RecvError::Lagged(_)) => app.feed.position(),
                Err(RecvError::Closed) => return None,
            };
            known = match listening.look(&app).await {
                Ok(now) => now,
                // The workspace is gone, or the database: whoever comes back is told which.
                Err(_) => return None,
            };
            let Ok((_, now)) = flags(&app, &known) else { return None };
            if now != tag {
                tag = now;
                let event = refetch(position, &tag);
                return Some((Ok(event), (app, listening, feed, known, tag)));
            }
        }
    });
    let until = tokio::time::sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()));
    Ok(Sse::new(hello.chain(changes).take_until(until)).keep_alive(KeepAlive::default()))
}

fn refetch(position: i64, tag: &str) -> Event {
    let data = json!({ "type": "refetchEvaluation", "etag": tag });
    Event::default().id(position.to_string()).event("message").data(data.to_string())
}
