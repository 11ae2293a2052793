//! Somebody was given a role or lost one: they are told, and for admins the other admins.

use orglink_domain::event::Event;
use orglink_domain::id::AccountId;
use orglink_mail::{Person, RoleChanged, RolePlace};
use orglink_store::{Tx, organization, workspace};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, organization_named, workspace_named};
use crate::Error;

/// One change of one person's role.
struct Change {
    who: AccountId,
    role: String,
    is_given: bool,
    /// Those who administer the place are told too.
    is_admin: bool,
}

fn text<'v>(change: &'v Value, field: &str) -> &'v str {
    change.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn account(change: &Value) -> Option<AccountId> {
    Uuid::try_parse(text(change, "account")).ok().map(AccountId)
}

/// Who administers a workspace now or no longer, whichever way that came. An import says nothing of it: whoever imports
/// records knows what they say.
pub(super) async fn in_workspace(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(admins) = payload.get("admins") else { return Ok(Vec::new()) };
    let mut changes = Vec::new();
    for (field, is_given) in [("added", true), ("removed", false)] {
        let people = admins.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(account);
        changes.extend(people.map(|who| Change { who, role: "workspace admin".to_owned(), is_given, is_admin: true }));
    }
    let Some(id) = event.workspace_id else { return Ok(Vec::new()) };
    let Some(named) = workspace_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
    let admins = workspace::list_admin_ids(tx, id).await?;
    Ok(tell(event, &RolePlace::Workspace(named), &changes, &admins))
}

/// Who got or lost a role of an organization, of one of its sites or of an app on one.
pub(super) async fn in_organization(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    if payload.get("by").and_then(Value::as_str) == Some("import") {
        return Ok(Vec::new());
    }
    let changes: Vec<Change> = payload
        .get("changes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|change| {
            let is_given = match text(change, "change") {
                "role_given" => true,
                "role_taken" => false,
                _ => return None,
            };
            let (role, site, product) = (text(change, "role"), text(change, "site"), text(change, "product"));
            let said = role.replace('_', " ");
            let (role_said, is_admin) = match (site, product) {
                ("", _) if role == "admin" => ("organization admin".to_owned(), true),
                ("", _) => (said, false),
                (site, "") => (format!("{said} of the site {site}"), false),
                (site, product) => (format!("{said} of {product} on {site}"), false),
            };
            Some(Change { who: account(change)?, role: role_said, is_given, is_admin })
        })
        .collect();
    let Some(id) = event.organization_id.filter(|_| !changes.is_empty()) else { return Ok(Vec::new()) };
    let Some(named) = organization_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
    let admins = organization::list_admin_ids(tx, id).await?;
    Ok(tell(event, &RolePlace::Organization(named), &changes, &admins))
}

fn tell(event: &Event, place: &RolePlace, changes: &[Change], admins: &[AccountId]) -> Vec<Notice> {
    let mut notices = Vec::new();
    for change in changes {
        let says = |is_yours| RoleChanged {
            who: Person::new(change.who),
            by: event.actor.into(),
            role: change.role.clone(),
            place: place.clone(),
            is_given: change.is_given,
            is_yours,
            at: event.at,
        };
        // Whoever accepted an invitation, or left, knows.
        if event.actor.account_id != Some(change.who) {
            notices.push(Notice::new(change.who, says(true)));
        }
        if change.is_admin {
            // Whoever did it knows, and so do those who became admins by the same act.
            let knows = |id: &AccountId| {
                event.actor.account_id == Some(*id) || changes.iter().any(|c| c.who == *id && c.is_given)
            };
            let others = admins.iter().filter(|id| **id != change.who && !knows(id));
            notices.extend(others.map(|id| Notice::new(*id, says(false))));
        }
    }
    notices
}
