//! An assistant asks its own person to do something: that person hears of it, and nobody else.

use orglink_domain::event::Event;
use orglink_mail::{AssistantAsked, Named};
use serde_json::Value;

use super::Notice;

pub(super) fn asked(event: &Event, payload: &Value) -> Vec<Notice> {
    let Some(account) = event.actor.account_id else { return Vec::new() };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let slug = |side: &str| text(payload.get(side).and_then(|s| s.get("slug")));
    let name = |side: &str| text(payload.get(side).and_then(|s| s.get("name")));
    let says = AssistantAsked {
        act: text(payload.get("act")),
        workspace: Named::new(slug("workspace"), name("workspace")),
        organization: Named::new(slug("organization"), name("organization")),
        at: event.at,
    };
    vec![Notice::new(account, says)]
}
