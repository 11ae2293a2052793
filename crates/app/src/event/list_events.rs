//! Events in the order of their positions.

use orglink_domain::event::Event;
use orglink_policy::Action;
use orglink_store::event;

use crate::{App, Error, Principal};

/// How many events one answer holds at most.
pub const MAX_EVENTS: i64 = 1000;

/// Events after a position: all of them for an operator, one's own for anybody else.
///
/// # Errors
/// Bad input for a position below zero or a limit out of range.
pub async fn list_events(app: &App, principal: &Principal, after: i64, limit: i64) -> Result<Vec<Event>, Error> {
    if after < 0 {
        return Err(Error::field("after", "positions begin at 1; 0 means from the beginning"));
    }
    if !(1..=MAX_EVENTS).contains(&limit) {
        return Err(Error::field("limit", format!("an answer holds 1 to {MAX_EVENTS} events")));
    }
    let mut tx = app.db.begin_read().await?;
    if app.may(Action::ViewAllEvents, principal.standing()) {
        return Ok(event::list_after(&mut tx, after, limit, None).await?);
    }
    app.require(Action::ViewOwnEvents, principal.standing())?;
    Ok(event::list_after(&mut tx, after, limit, Some(principal.account()?.id)).await?)
}
