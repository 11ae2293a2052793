//! Says how far an entry of the tracker is: dated, kept, and told to whoever follows it.

use orglink_domain::access_request::check_text;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::TrackerUpdateId;
use orglink_domain::tracker::{TrackerState, TrackerUpdate};
use orglink_policy::Action;
use orglink_store::{event, in_write, tracker};
use serde::Serialize;
use serde_json::json;

use super::find;
use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Principal};

/// What the operator says.
#[derive(Debug, Clone, Serialize)]
pub struct NewTrackerUpdate {
    pub state: TrackerState,
    /// For everybody to read.
    pub note: String,
}

/// Posts it; its id.
///
/// # Errors
/// `NotFound`; bad input by field; a refusal for anybody but an operator.
pub async fn post_tracker_update(
    app: &App,
    principal: &Principal,
    name: &str,
    new: &NewTrackerUpdate,
    idempotency_key: Option<&str>,
) -> Result<Answered<TrackerUpdateId>, Error> {
    app.require(Action::PostTrackerUpdate, principal.standing())?;
    let (name, _) = find(app, name)?;
    let note = check_text(&new.note).map_err(|e| Error::field("note", e.to_string()))?;
    let note = note.ok_or_else(|| Error::field("note", "say in a sentence or two what there is to know"))?;
    let attempt = Attempt::new(principal, "post_tracker_update", idempotency_key, &(name, new))?;
    let at = app.now();
    let update = TrackerUpdate { id: TrackerUpdateId(app.new_id(at)), state: new.state, note, posted_at: at };
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        tracker::create_update(tx, name, &update, principal.actor().account_id).await?;
        let happened = NewEvent {
            kind: EventType::TrackerUpdated,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "entry": name, "update": update.id, "state": update.state, "note": update.note }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        attempt.keep(tx, &update.id, at).await
    })
}
