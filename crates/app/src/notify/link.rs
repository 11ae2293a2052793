//! A workspace was linked, or its link ended.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::Event;
use orglink_domain::id::AccountId;
use orglink_mail::{Named, WorkspaceLinked, WorkspaceUnlinked};
use orglink_store::{Tx, link, organization, workspace};
use serde_json::Value;

use super::{Notice, eligibility, organization_named, workspace_named};
use crate::{App, Error};

/// Every admin of both sides; who administers both is told once, as the workspace's.
pub(super) async fn linked(app: &App, tx: &mut Tx, event: &Event) -> Result<Vec<Notice>, Error> {
    let (Some(w), Some(o)) = (event.workspace_id, event.organization_id) else { return Ok(Vec::new()) };
    let names = (workspace_named(tx, Some(w)).await?, organization_named(tx, Some(o)).await?);
    let (Some(workspace_name), Some(organization_name)) = names else { return Ok(Vec::new()) };
    let ours = workspace::list_admin_ids(tx, w).await?;
    let theirs = organization::list_admin_ids(tx, o).await?;
    let until = link::find_active(tx, w).await?.and_then(|active| active.policy.undo_until(active.linked_at));
    let undo_until = until.map(Timestamp::to_minute).unwrap_or_default();
    let says = |is_workspace_side| WorkspaceLinked {
        workspace: workspace_name.clone(),
        organization: organization_name.clone(),
        by: event.actor.into(),
        at: event.at,
        is_workspace_side,
        undo_until: undo_until.clone(),
    };
    let mut notices: Vec<Notice> = ours.iter().map(|id| Notice::new(*id, says(true))).collect();
    notices.extend(theirs.iter().filter(|id| !ours.contains(id)).map(|id| Notice::new(*id, says(false))));
    let told: Vec<AccountId> = ours.into_iter().chain(theirs).collect();
    notices.extend(eligibility::linked(app, tx, w, &workspace_name, &told).await?);
    Ok(notices)
}

/// The organization's admins, and the workspace's if it is not gone.
pub(super) async fn unlinked(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(o) = event.organization_id else { return Ok(Vec::new()) };
    let text = |side: &str, field: &str| {
        payload.get(side).and_then(|s| s.get(field)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let because = payload.get("because").and_then(Value::as_str).unwrap_or_default();
    let (is_undone, by_operators) = (because == "undone", because == "break_glass");
    let organization_name = match organization_named(tx, Some(o)).await? {
        Some(named) => named,
        // What was made for the link is gone with it.
        None if is_undone || by_operators => Named::new(text("organization", "slug"), text("organization", "name")),
        None => return Ok(Vec::new()),
    };
    let moved_to = payload.get("moved_to").map(|_| Named::new(text("moved_to", "slug"), text("moved_to", "name")));
    let reason = payload.get("reason").and_then(Value::as_str).unwrap_or_default();
    let says = WorkspaceUnlinked {
        workspace: text("workspace", "slug"),
        organization: organization_name,
        by: event.actor.into(),
        at: event.at,
        is_undone,
        was_automatic: payload.get("was_automatic").and_then(Value::as_bool).unwrap_or(is_undone),
        reason: reason.to_owned(),
        by_operators,
        moved_to,
    };
    let mut admins = organization::list_admin_ids(tx, o).await?;
    if let (true, Some(w)) = (is_undone || by_operators, event.workspace_id) {
        let ours = workspace::list_admin_ids(tx, w).await?;
        admins.extend(ours.into_iter().filter(|id| !admins.contains(id)).collect::<Vec<_>>());
    }
    Ok(admins.into_iter().map(|id| Notice::new(id, says.clone())).collect())
}
