//! Follows an entry of the tracker: whoever does hears how far it is.

use orglink_domain::event::{EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::{event, in_write, tracker};
use serde_json::json;

use super::find;
use crate::{App, Error, Principal};

/// Starts telling the one who asks; doing so twice changes nothing.
///
/// # Errors
/// `NotFound`; a refusal for whoever is nobody by name.
pub async fn follow_tracker_entry(app: &App, principal: &Principal, name: &str) -> Result<(), Error> {
    change(app, principal, name, true).await
}

/// Stops telling the one who asks; doing so twice changes nothing.
///
/// # Errors
/// As [`follow_tracker_entry`].
pub async fn unfollow_tracker_entry(app: &App, principal: &Principal, name: &str) -> Result<(), Error> {
    change(app, principal, name, false).await
}

async fn change(app: &App, principal: &Principal, name: &str, on: bool) -> Result<(), Error> {
    let account = principal.account()?.id;
    app.require(Action::FollowTracker, principal.standing())?;
    let (name, _) = find(app, name)?;
    let at = app.now();
    in_write!(app.db, tx, {
        let (changed, kind) = if on {
            (tracker::follow(tx, name, account, at).await?, EventType::TrackerFollowed)
        } else {
            (tracker::unfollow(tx, name, account).await?, EventType::TrackerUnfollowed)
        };
        if changed {
            let payload = json!({ "entry": name });
            let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
            event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        }
        Ok::<(), Error>(())
    })
}
