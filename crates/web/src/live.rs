//! The stream that keeps open pages up to date: it says *that* something happened to what a page shows, never what;
//! the page then looks again, with the visitor's own rights. A browser holds one for all its pages.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt as _};
use orglink_app::feed::FeedItem;
use orglink_app::{Error, feed, inbox, organization, workspace};
use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;

/// What the open pages of a browser show.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// `organization:SLUG`, `workspace:SLUG` or `account:me`, separated by commas.
    topics: String,
    /// The position that the oldest of the pages was made at.
    after: Option<i64>,
}

/// The most pages that one browser is told about.
const MAX_TOPICS: usize = 50;

/// Something that a page shows, with the name that the page knows it by.
struct Topic {
    name: String,
    organization: Option<OrganizationId>,
    workspace: Option<WorkspaceId>,
    /// The visitor's own inbox.
    account: Option<AccountId>,
}

impl Topic {
    /// Nothing when there is no such thing, or the visitor may not see it.
    async fn find(app: &AppState, visitor: &Visitor, name: &str) -> Result<Option<Self>, Failure> {
        let principal = visitor.principal();
        if name == "account:me" {
            let account = Some(principal.account()?.id);
            return Ok(Some(Self { name: name.to_owned(), organization: None, workspace: None, account }));
        }
        let found = match name.split_once(':') {
            Some(("organization", slug)) => organization::view_organization(app, principal, slug)
                .await
                .map(|view| (Some(view.organization.id), None)),
            Some(("workspace", slug)) => {
                workspace::view_workspace(app, principal, slug).await.map(|view| (None, Some(view.workspace.id)))
            }
            _ => return Err(Failure(Error::field("topics", "say organization:SLUG, workspace:SLUG or account:me"))),
        };
        match found {
            Ok((organization, workspace)) => {
                Ok(Some(Self { name: name.to_owned(), organization, workspace, account: None }))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(Failure(e)),
        }
    }

    fn concerns(&self, item: &FeedItem) -> bool {
        (self.organization.is_some() && item.organization_id == self.organization)
            || (self.workspace.is_some() && item.workspace_id == self.workspace)
    }
}

/// Which pages should look again, if any.
fn changed(topics: &[Topic], item: &FeedItem) -> Option<Result<Event, Infallible>> {
    let names: Vec<&str> = topics.iter().filter(|t| t.concerns(item)).map(|t| t.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    Some(Ok(Event::default().id(item.position.to_string()).event("changed").data(names.join(","))))
}

/// How much is unread in an inbox.
async fn unread(app: &AppState, account: AccountId) -> Option<Result<Event, Infallible>> {
    // When the database is away for a moment, the next one says it.
    let inbox = inbox::count_unread(app, account).await.ok()?;
    Some(Ok(Event::default().event("unread").data(inbox.to_string())))
}

/// The stream of one browser; resumed by the position it saw last.
pub async fn stream(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let mut topics = Vec::new();
    for name in query.topics.split(',').take(MAX_TOPICS) {
        topics.extend(Topic::find(&app, &visitor, name).await?);
    }
    if topics.is_empty() {
        return Err(Failure(Error::not_found("page", &query.topics)));
    }
    let account = topics.iter().find_map(|t| t.account);
    let topics = Arc::new(topics);
    let told = BroadcastStream::new(app.feed.subscribe_told());
    let unread_now = match account {
        Some(account) => unread(&app, account).await,
        None => None,
    };

    let seen = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let seen = seen.or(query.after).filter(|position| *position >= 0);
    let live = BroadcastStream::new(app.feed.subscribe());
    let missed = match seen {
        Some(position) => feed::list_since(&app, position).await?,
        None => Vec::new(),
    };
    let earlier: Vec<_> = missed.iter().filter_map(|item| changed(&topics, item)).collect();
    let later = live.filter_map(move |item| {
        let topics = Arc::clone(&topics);
        async move {
            match item {
                Ok(item) => changed(&topics, &item),
                // Too slow to hear everything: all look again, to be sure.
                Err(_) => Some(Ok(Event::default().event("changed").data("*"))),
            }
        }
    });
    let counts = told.filter_map(move |whose| {
        let app = Arc::clone(&app);
        async move {
            let account = account?;
            // Too slow to hear everything: it is counted again, to be sure.
            if whose.is_ok_and(|whose| whose != account) { None } else { unread(&app, account).await }
        }
    });
    let hello = stream::iter([Ok(Event::default().comment("listening"))]).chain(stream::iter(unread_now));
    let events = hello.chain(stream::iter(earlier)).chain(stream::select(later, counts));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
