//! A log as it goes on: what a filter keeps of what came after a position, for programs that stay connected.

use orglink_store::event::{self, Subject};

use super::ActivityOf;
use super::cloud_event::cloud_events;
use super::filter::kinds;
use super::list_activity::prove;
use crate::feed::FeedItem;
use crate::{App, Error, Principal};

/// How many positions one look goes through, and how many events it brings.
const POSITIONS: i64 = 20_000;
const EVENTS: i64 = 200;

/// What one look at a log brought.
#[derive(Debug, Clone)]
pub struct Followed {
    /// CloudEvents as JSON, each with its position.
    pub events: Vec<(i64, String)>,
    /// Up to where was looked: from where to go on.
    pub position: i64,
    /// There is more already.
    pub is_behind: bool,
    subject: Subject,
}

impl Followed {
    /// Whether something that happens now belongs to this log.
    #[must_use]
    pub fn concerns(&self, item: &FeedItem) -> bool {
        match self.subject {
            Subject::Workspace(id) => item.workspace_id == Some(id),
            Subject::Organization(id) => item.organization_id == Some(id),
            Subject::Installation => true,
        }
    }
}

/// What a filter keeps of what happened after a position, oldest first; from now on when none is said. Whoever asks must
/// be allowed to see it at every look.
///
/// # Errors
/// `NotFound`; bad input that names the field; a refusal for whoever may not see it.
pub async fn follow_activity(
    app: &App,
    principal: &Principal,
    of: ActivityOf<'_>,
    types: &str,
    after: Option<i64>,
) -> Result<Followed, Error> {
    if after.is_some_and(|position| position < 0) {
        return Err(Error::field("after", "positions begin at 1; 0 means from the beginning"));
    }
    let wanted = kinds(types)?;
    let mut tx = app.db.begin_read().await?;
    let subject = prove(app, &mut tx, principal, of).await?.subject;
    let last = event::find_last_position(&mut tx).await?;
    let after = after.unwrap_or(last).min(last);
    let up_to = last.min(after + POSITIONS);
    let found = event::list_of_between(&mut tx, subject, (after, up_to), EVENTS).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|n| n == EVENTS);
    let position = found.last().filter(|_| is_full).map_or(up_to, |e| e.position);
    let kept = found.into_iter().filter(|e| wanted.is_empty() || wanted.contains(&e.kind)).collect();
    let told = cloud_events(app, &mut tx, kept).await?;
    let events = told.into_iter().map(|(event, envelope)| (event.position, envelope.to_string())).collect();
    Ok(Followed { events, position, is_behind: position < last, subject })
}
