//! A log as it goes on, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use futures_util::stream;
use orglink_app::Error;
use orglink_app::event::{self, ActivityOf, Followed};
use orglink_app::feed::FeedItem;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, StillCalling};
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;

/// Without anything new, it is looked so often whether whoever listens still may.
const LOOK: Duration = Duration::from_secs(30);
/// The first of these of a line is a comment that keeps the connection open.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// From where on, and of what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FollowQuery {
    /// A position; events after it are sent, then those that happen. From now on when absent.
    after: Option<i64>,
    /// Only events of these types, separated by commas, for example `workspace.changed`; `link.` means all that begin so.
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Whose log, by slug.
#[derive(Clone)]
enum Of {
    Workspace(String),
    Organization(String),
    Installation,
}

impl Of {
    fn activity(&self) -> ActivityOf<'_> {
        match self {
            Self::Workspace(slug) => ActivityOf::Workspace(slug),
            Self::Organization(slug) => ActivityOf::Organization(slug),
            Self::Installation => ActivityOf::Installation,
        }
    }
}

/// Somebody who listens.
struct Listener {
    app: AppState,
    caller: StillCalling,
    of: Of,
    types: String,
    feed: broadcast::Receiver<FeedItem>,
    /// What is sent next.
    found: Followed,
    sent: usize,
}

impl Listener {
    /// The next event; nothing when whoever listens may not any more, or the database is away: they come again.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some((position, text)) = self.found.events.get(self.sent) {
                let event = Event::default().id(position.to_string()).data(text);
                self.sent += 1;
                return Some((Ok(event), self));
            }
            if !self.found.is_behind {
                self.wait().await;
            }
            let principal = self.caller.principal(&self.app).await.ok()?;
            let (of, after) = (self.of.activity(), Some(self.found.position));
            self.found = event::follow_activity(&self.app, &principal, of, &self.types, after).await.ok()?;
            self.sent = 0;
        }
    }

    /// Until something happened that may be of this log.
    async fn wait(&mut self) {
        let heard = async {
            loop {
                match self.feed.recv().await {
                    Ok(item) if item.position > self.found.position && self.found.concerns(&item) => break,
                    Ok(_) => {}
                    // Too slow to hear everything: it is looked, to be sure.
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        let _ = tokio::time::timeout(LOOK, heard).await;
    }
}

async fn follow(
    app: AppState,
    caller: StillCalling,
    of: Of,
    headers: &HeaderMap,
    query: FollowQuery,
) -> Result<Response, Failure> {
    let principal = caller.principal(&app).await?;
    let resumed = headers.get("last-event-id").map(|v| v.to_str().ok().and_then(|v| v.parse::<i64>().ok()));
    let after = match resumed {
        Some(None) => {
            return Err(Failure(Error::field("Last-Event-ID", "this is not the id of an event of this stream")));
        }
        Some(position) => position,
        None => query.after,
    };
    let types = query.kind.unwrap_or_default();
    // Before the first look, so that nothing happens between the two.
    let feed = app.feed.subscribe();
    let found = event::follow_activity(&app, &principal, of.activity(), &types, after).await?;
    let listener = Listener { app, caller, of, types, feed, found, sent: 0 };
    let events = stream::unfold(listener, Listener::next);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("listening")).into_response())
}

/// What happens to a workspace you are a member of, as server-sent events: `id` is the position, `data` a CloudEvent
/// (JSON). Send the last id as `Last-Event-ID` to go on where it broke off. Scope: `read`; an extension: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/events/stream", tag = "events",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("Last-Event-ID" = Option<i64>, Header, description = "The position to go on after; before `after`"), FollowQuery),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn follow_workspace_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<FollowQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    follow(app, caller.still_or(Scope::Read, ExtensionScope::EventsRead)?, Of::Workspace(workspace), &headers, query)
        .await
}

/// What happens to an organization you are admin or auditor of, as server-sent events: `id` is the position, `data` a
/// CloudEvent (JSON). Send the last id as `Last-Event-ID` to go on where it broke off. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/events/stream", tag = "events",
    params(("organization" = String, Path, description = "Slug or id"),
        ("Last-Event-ID" = Option<i64>, Header, description = "The position to go on after; before `after`"), FollowQuery),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn follow_organization_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<FollowQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    follow(app, caller.still(Scope::Read)?, Of::Organization(organization), &headers, query).await
}

/// What happens anywhere in the installation, as server-sent events: `id` is the position, `data` a CloudEvent (JSON). Send
/// the last id as `Last-Event-ID` to go on where it broke off. Scope: `operator`.
#[utoipa::path(get, path = "/operator/events/stream", tag = "events",
    params(("Last-Event-ID" = Option<i64>, Header, description = "The position to go on after; before `after`"), FollowQuery),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn follow_installation_activity(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<FollowQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    follow(app, caller.still(Scope::Operator)?, Of::Installation, &headers, query).await
}
