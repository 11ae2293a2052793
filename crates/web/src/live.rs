//! The stream that keeps open pages up to date: it says *that* something happened to what a page shows, never what;
//! the page then looks again, with the visitor's own rights.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt as _};
use orglink_app::{Error, feed, organization, workspace};
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;

/// What a page shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    organization: Option<String>,
    workspace: Option<String>,
    /// The position that the page was made at.
    after: Option<i64>,
}

/// The stream of one open page; resumed by the position it saw last.
pub async fn stream(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(topic): QueryString<Topic>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let principal = visitor.principal();
    let (of_organization, of_workspace): (Option<OrganizationId>, Option<WorkspaceId>) = match &topic {
        Topic { organization: Some(slug), workspace: None, .. } => {
            (Some(organization::view_organization(&app, principal, slug).await?.organization.id), None)
        }
        Topic { organization: None, workspace: Some(slug), .. } => {
            (None, Some(workspace::view_workspace(&app, principal, slug).await?.workspace.id))
        }
        _ => return Err(Failure(Error::field("query", "say organization=SLUG or workspace=SLUG"))),
    };
    let concerns = move |organization: Option<OrganizationId>, workspace: Option<WorkspaceId>| {
        (of_organization.is_some() && organization == of_organization)
            || (of_workspace.is_some() && workspace == of_workspace)
    };
    let changed = |position: i64| Ok(Event::default().id(position.to_string()).event("changed").data("look again"));

    let seen = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let seen = seen.or(topic.after).filter(|position| *position >= 0);
    let live = BroadcastStream::new(app.feed.subscribe());
    let missed = match seen {
        Some(position) => feed::list_since(&app, position).await?,
        None => Vec::new(),
    };
    let earlier: Vec<_> = missed
        .into_iter()
        .filter(|item| concerns(item.organization_id, item.workspace_id))
        .map(|item| changed(item.position))
        .collect();
    let later = live.filter_map(move |item| async move {
        match item {
            Ok(item) if concerns(item.organization_id, item.workspace_id) => Some(changed(item.position)),
            Ok(_) => None,
            // Too slow to hear everything: look again, to be sure.
            Err(_) => Some(Ok(Event::default().event("changed").data("look again"))),
        }
    });
    let hello = stream::iter([Ok(Event::default().comment("listening"))]);
    Ok(Sse::new(hello.chain(stream::iter(earlier)).chain(later)).keep_alive(KeepAlive::default()))
}
