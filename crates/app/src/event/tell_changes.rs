//! Says in words what one event changed about a workspace or an organization: the changes that its payload lists.

use serde_json::Value;

use super::tell::{Names, person, plain};

/// The changes of an event: a list, or (of an import) one beside the other fields.
pub(super) fn changes(payload: &Value, names: &Names) -> String {
    let list: Vec<&Value> = match payload.get("changes").and_then(Value::as_array) {
        Some(list) => list.iter().collect(),
        None => vec![payload],
    };
    let mut told: Vec<String> = list.iter().take(5).map(|change| one_change(change, names)).collect();
    if list.len() > 5 {
        told.push(format!("and {} more changes", list.len() - 5));
    }
    let by_import = payload.get("by").and_then(Value::as_str) == Some("import");
    format!("{}{}", told.join("; "), if by_import { " (by an import)" } else { "" })
}

fn one_change(change: &Value, names: &Names) -> String {
    let text = |field: &str| plain(change.get(field));
    let group = || text("user_group");
    let who = || person(change, names);
    let directory_group = || match (text("directory_group"), text("site")) {
        (group, site) if site.is_empty() => format!("{group} of the directory"),
        (group, site) => format!("{group} of the directory of the site {site}"),
    };
    let place = || match (text("product"), text("site")) {
        (p, s) if !p.is_empty() => format!(" of {p} on {s}"),
        (_, s) if !s.is_empty() => format!(" on {s}"),
        _ => String::new(),
    };
    match text("change").as_str() {
        "user_group_created" => format!("made the user group {}", group()),
        "user_group_changed" => format!("changed the user group {}{}", group(), fields(change)),
        "user_group_deleted" => format!("deleted the user group {}", group()),
        "member_added" => format!("added {} to {}", who(), group()),
        "member_removed" => format!("took {} out of {}", who(), group()),
        "directory_group_created" => format!("made the group {}", directory_group()),
        "directory_group_renamed" => {
            format!("renamed the group {} from {} to {}", directory_group(), text("before"), text("name"))
        }
        "directory_group_deleted" => format!("deleted the group {}", directory_group()),
        "directory_group_gathered" => {
            let (group, site) = (text("directory_group"), text("site"));
            format!("took the group {} of the site {site} into the directory as {group}", text("before"))
        }
        "user_management_changed" => {
            format!("changed the user management from {} to {}", text("before"), text("after"))
        }
        "directory_group_attached" => {
            format!(
                "brought the group {} of the directory into the workspace {}",
                text("directory_group"),
                text("workspace")
            )
        }
        "directory_member_added" => format!("added {} to {}", who(), directory_group()),
        "directory_member_removed" => format!("took {} out of {}", who(), directory_group()),
        "holder_left" => format!("took every role of {} away", who()),
        "member_left" => format!("took {} out of the workspace", who()),
        "grant_changed" => {
            let to = change.get("to");
            let group = plain(to.and_then(|t| t.get("user_group")));
            let to = if group.is_empty() { to.map_or_else(String::new, |t| person(t, names)) } else { group };
            match text("permission").as_str() {
                "" => format!("took back what {to} was given on {}", text("repository")),
                permission => format!("gave {to} {permission} on {}", text("repository")),
            }
        }
        "repository_created" => format!("made the repository {}", text("repository")),
        "repository_changed" => format!("changed the repository {}", text("repository")),
        "workspace_changed" => format!("changed the workspace{}", fields(change)),
        "workspace_converted" => "made it a team workspace".to_owned(),
        "admin_account_changed" => format!("changed the account of the admin {}", who()),
        "switch_turned" if change.get("is_on") == Some(&Value::Bool(true)) => format!("turned on {}", text("switch")),
        "switch_turned" => format!("turned off {}", text("switch")),
        "organization_renamed" => format!("renamed the organization from {} to {}", text("before"), text("after")),
        "webhook_created" => format!("made a webhook at {}", text("host")),
        "webhook_changed" => format!("changed the webhook at {}{}", text("host"), fields(change)),
        "webhook_paused" => format!("paused the webhook at {}", text("host")),
        "webhook_resumed" => format!("resumed the webhook at {}", text("host")),
        "webhook_secret_rotated" => format!("gave the webhook at {} a new secret", text("host")),
        "webhook_replayed" => {
            format!("had the webhook at {} told again of what came after {}", text("host"), text("after"))
        }
        "webhook_resent" => format!("had event {} sent again to the webhook at {}", text("position"), text("host")),
        "webhook_deleted" => format!("deleted the webhook at {}", text("host")),
        "site_created" => format!("made the site {}", text("site")),
        "site_changed" => format!("changed the site {}", text("site")),
        "site_deleted" => format!("deleted the site {}", text("site")),
        "product_added" => format!("put {} on the site {}", text("product"), text("site")),
        "product_removed" => format!("took {} from the site {}", text("product"), text("site")),
        "role_given" => format!("gave {} the role {}{}", who(), text("role").replace('_', " "), place()),
        "role_granted" => format!("gave {} the role {}", who(), text("role").replace('_', " ")),
        "role_taken" => format!("took the role {}{} from {}", text("role").replace('_', " "), place(), who()),
        other => other.replace('_', " "),
    }
}

/// Which fields differ: `: plan from free to standard, name from A to B`.
pub(super) fn fields(change: &Value) -> String {
    let one = |field: &Value| {
        let (before, after) = (plain(field.get("before")), plain(field.get("after")));
        let path = plain(field.get("path")).replace('_', " ");
        match (before.is_empty(), after.is_empty()) {
            (true, false) => format!("{path} is now {after}"),
            (false, true) => format!("{path} is no longer {before}"),
            _ => format!("{path} from {before} to {after}"),
        }
    };
    let list: Vec<String> = change.get("fields").and_then(Value::as_array).into_iter().flatten().map(one).collect();
    if list.is_empty() { String::new() } else { format!(": {}", list.join(", ")) }
}
