//! Somebody signed in from a place that was not seen before.

use orglink_domain::event::Event;
use orglink_mail::NewSignIn;
use serde_json::Value;

use super::Notice;

pub(super) fn signed_in(event: &Event, payload: &Value) -> Vec<Notice> {
    let is_new = payload.get("is_new_place") == Some(&Value::Bool(true));
    let Some(account) = event.actor.account_id.filter(|_| is_new) else { return Vec::new() };
    let text = |field: &str| payload.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let says = NewSignIn { at: event.at, browser: text("browser"), address: text("address") };
    vec![Notice::new(account, says)]
}
