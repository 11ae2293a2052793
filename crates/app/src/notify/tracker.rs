//! The tracker: whoever follows an entry hears how far it is; admins who do, that an organization of theirs has what it was
//! lacking.

use orglink_domain::eligibility::ReasonCode;
use orglink_domain::event::Event;
use orglink_domain::organization::UserManagement;
use orglink_mail::{CapabilityGained, Mail, TrackerUpdated};
use orglink_store::{Tx, organization, tracker};
use serde_json::Value;

use super::{Notice, organization_named};
use crate::{App, Error};

fn text<'a>(payload: &'a Value, field: &str) -> &'a str {
    payload.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Everybody who follows it; nobody when the catalog has it no more.
pub(super) async fn updated(app: &App, tx: &mut Tx, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some((name, entry)) = app.catalog.tracker.get_key_value(text(payload, "entry")) else { return Ok(Vec::new()) };
    let Ok(state) = text(payload, "state").parse() else { return Ok(Vec::new()) };
    let note = text(payload, "note").to_owned();
    let says: Mail = TrackerUpdated { entry: name.clone(), title: entry.title.clone(), state, note }.into();
    let followers = tracker::list_followers(tx, name).await?;
    Ok(followers.into_iter().map(|to| Notice::new(to, says.clone())).collect())
}

/// The admins of an organization that has become centralized who follow that.
pub(super) async fn centralized(app: &App, tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let is_it = |change: &Value| {
        text(change, "change") == "user_management_changed"
            && text(change, "after") == UserManagement::Centralized.as_str()
    };
    let changes = payload.get("changes").and_then(Value::as_array);
    let is_centralized = changes.is_some_and(|changes| changes.iter().any(is_it));
    let Some(id) = event.organization_id.filter(|_| is_centralized) else { return Ok(Vec::new()) };
    let code = ReasonCode::OrganizationOriginalUserManagement;
    let Some(name) = app.catalog.eligibility.followed_at.get(&code) else { return Ok(Vec::new()) };
    let Some(named) = organization_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
    let title = app.catalog.tracker.get(name).map(|entry| entry.title.clone()).unwrap_or_default();
    let mut notices = Vec::new();
    for admin in organization::list_admin_ids(tx, id).await? {
        if tracker::is_follower(tx, name, admin).await? {
            let says = CapabilityGained { organization: named.clone(), title: title.clone(), by: event.actor.into() };
            notices.push(Notice::new(admin, says));
        }
    }
    Ok(notices)
}
