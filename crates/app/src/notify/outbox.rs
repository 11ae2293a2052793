//! An operator looked at the one-time link of somebody's mail.

use orglink_domain::event::Event;
use orglink_domain::id::AccountId;
use orglink_mail::MailRevealed;
use serde_json::Value;
use uuid::Uuid;

use super::Notice;

pub(super) fn revealed(event: &Event, payload: &Value) -> Vec<Notice> {
    let text = |field: &str| payload.get(field).and_then(Value::as_str).unwrap_or_default();
    let Ok(account) = Uuid::try_parse(text("account")) else { return Vec::new() };
    let says = MailRevealed { by: event.actor.into(), subject: text("subject").to_owned(), at: event.at };
    vec![Notice::new(AccountId(account), says)]
}
