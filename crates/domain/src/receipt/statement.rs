//! What an event says about an act. A receipt states exactly this, and so cannot state anything else.

use serde_json::{Value, json};

use super::{Act, Wrong, part};
use crate::consent::Side;
use crate::ledger::Entry;

/// The fields of a receipt that are derived from its events, in the order in which they are checked.
pub(super) const STATED: &[&str] = &["act", "link", "plan_digest", "decision", "acknowledged", "consents", "access"];

/// What a campaign's decision consists of.
const DECISION: &[&str] = &["campaign", "run", "rule", "reason", "evidence", "organization", "group"];

/// The same of a campaign that migrates users; `terms` is what was agreed to.
const USERS_DECISION: &[&str] = &["campaign", "run", "rule", "reason", "evidence", "organization", "terms"];

/// Which link an event is about, and what became of it; nothing for an event of which there is no receipt.
#[must_use]
pub fn subject_of<'a>(kind: &str, payload: &'a Value) -> Option<(&'a str, Act)> {
    let act = match kind {
        "workspace.linked" if !part(payload, "moved_from").is_null() => Act::Transfer,
        "workspace.linked" if part(payload, "campaign").is_null() => Act::Link,
        "workspace.linked" => Act::AutomaticLink,
        "workspace.unlinked" if part(payload, "because") == "undone" => Act::Undo,
        "workspace.unlinked" if part(payload, "because") == "break_glass" => Act::Unlink,
        "workspace.users_migrated" if part(payload, "campaign").is_null() => Act::MigrateUsers,
        "workspace.users_migrated" => Act::AutomaticUsersMigration,
        _ => return None,
    };
    Some((part(payload, "link").as_str()?, act))
}

/// Everything that an event, and the comparison of access after it, say about an act.
///
/// # Errors
/// When there is no receipt of such an event, or when the two are not about the same link.
pub(super) fn statement(event: (&Entry, &Value), access: Option<(&Entry, &Value)>) -> Result<Value, Wrong> {
    let (entry, payload) = event;
    let Some((link, act)) = subject_of(&entry.kind, payload) else {
        return Err(Wrong::new("event.leaf", format!("there are no receipts of an event '{}'", entry.kind)));
    };
    for (side, id) in [("workspace", entry.workspace_id), ("organization", entry.organization_id)] {
        let stated = part(part(payload, side), "id").as_str();
        if stated != id.map(|id| id.to_string()).as_deref() {
            return Err(Wrong::new(format!("event.payload.{side}.id"), "is not the one of the leaf"));
        }
    }
    let (before, after) = match act {
        Act::Link | Act::AutomaticLink | Act::Transfer => {
            (part(payload, "access_digest"), after_link(link, entry, payload, access)?)
        }
        Act::Undo | Act::Unlink | Act::MigrateUsers | Act::AutomaticUsersMigration if access.is_some() => {
            return Err(Wrong::new("access_event", "must be null: access is compared in the act itself"));
        }
        Act::Undo | Act::Unlink | Act::MigrateUsers | Act::AutomaticUsersMigration => {
            (part(part(payload, "access"), "before"), part(part(payload, "access"), "after"))
        }
    };
    let acknowledged = match act {
        Act::Link | Act::Transfer | Act::MigrateUsers | Act::AutomaticUsersMigration => {
            part(payload, "acknowledged").clone()
        }
        Act::AutomaticLink | Act::Undo | Act::Unlink => json!([]),
    };
    Ok(json!({
        "act": act,
        "link": link,
        "plan_digest": part(payload, "plan_digest"),
        "decision": decision(act, payload),
        "acknowledged": acknowledged,
        "consents": consents(act, entry, payload),
        "access": { "before": before, "after": after },
    }))
}

/// What access was found to be after a link; null while it was not compared.
fn after_link<'a>(
    link: &str,
    linked: &Entry,
    payload: &Value,
    access: Option<(&Entry, &'a Value)>,
) -> Result<&'a Value, Wrong> {
    let Some((entry, compared)) = access else { return Ok(&Value::Null) };
    let wrong = |field: &str, detail: &str| Err(Wrong::new(format!("access_event.{field}"), detail));
    if !matches!(entry.kind.as_str(), "link.access_verified" | "link.access_differs") {
        return wrong("leaf", "is not the comparison of access after a link");
    }
    if entry.workspace_id != linked.workspace_id || entry.position <= linked.position {
        return wrong("leaf", "is not about this workspace after this link");
    }
    if part(compared, "link") != link {
        return wrong("payload.link", "is another link");
    }
    if part(compared, "before") != part(payload, "access_digest") {
        return wrong("payload.before", "is not what access was before the link");
    }
    Ok(part(compared, "after"))
}

/// The decision of a campaign; null where somebody decided.
fn decision(act: Act, payload: &Value) -> Value {
    let fields = match act {
        Act::AutomaticLink => DECISION,
        Act::AutomaticUsersMigration => USERS_DECISION,
        Act::Link | Act::Undo | Act::Transfer | Act::Unlink | Act::MigrateUsers => return Value::Null,
    };
    fields
        .iter()
        .map(|name| ((*name).to_owned(), part(payload, name).clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Who consented: as the event says, or, where one person has both roles, whoever did it.
fn consents(act: Act, entry: &Entry, payload: &Value) -> Value {
    match (payload.get("consents"), act) {
        (Some(listed), _) => listed.clone(),
        (None, Act::Link) => json!([{
            "account": entry.actor_id, "at": entry.at, "plan_digest": part(payload, "plan_digest"),
            "side": Side::Both, "through": entry.through,
        }]),
        (None, _) => json!([]),
    }
}
