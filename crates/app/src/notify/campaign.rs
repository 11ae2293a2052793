//! What campaigns do by themselves: workspaces linked, organizations claimed.

use orglink_domain::campaign::automatic::{Decision, Fate};
use orglink_domain::event::{Event, EventType};
use orglink_domain::id::RunId;
use orglink_mail::{ClaimBegun, ClaimEnded, LinkedAutomatically, Mail, PreferenceDeclared};
use orglink_store::{Tx, campaign, link, organization, workspace};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, eligibility, organization_named, workspace_named};
use crate::{App, Error};

/// Every admin of both sides of a link that was made by itself.
pub(super) async fn linked(app: &App, tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let (Some(w), Some(o)) = (event.workspace_id, event.organization_id) else { return Ok(Vec::new()) };
    let names = (workspace_named(tx, Some(w)).await?, organization_named(tx, Some(o)).await?);
    let (Some(workspace), Some(organization)) = names else { return Ok(Vec::new()) };
    let run = payload.get("run").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok()).map(RunId);
    let Some(run) = run else { return Ok(Vec::new()) };
    let Some(definition) = campaign::find_run(tx, run).await?.map(|run| run.definition) else { return Ok(Vec::new()) };
    let why = match campaign::find_decision(tx, run, w).await? {
        Some(named) => match named.decided.fate {
            Fate::Goes(d) => Decision::sentence(d.rule, d.evidence, named.group_size - 1),
            Fate::Stays(_) => String::new(),
        },
        None => String::new(),
    };
    let is_new = campaign::find_made_organization(tx, o).await?.is_some_and(|made| made.run_id == run);
    let undo_until = match link::find_active(tx, w).await? {
        Some(active) if active.policy.undo_window_seconds > 0 => {
            active.linked_at.plus_seconds(active.policy.undo_window_seconds).to_minute()
        }
        _ => String::new(),
    };
    let says = LinkedAutomatically {
        workspace: workspace.clone(),
        organization,
        at: event.at,
        undo_until,
        is_new,
        why,
        note: definition.texts.linked,
    };
    let mut told = workspace::list_admin_ids(tx, w).await?;
    let theirs = organization::list_admin_ids(tx, o).await?;
    told.extend(theirs.into_iter().filter(|id| !told.contains(id)).collect::<Vec<_>>());
    let mut notices: Vec<Notice> = told.iter().map(|id| Notice::new(*id, says.clone())).collect();
    notices.extend(eligibility::linked(app, tx, w, &workspace, &told).await?);
    Ok(notices)
}

/// The organization's admins, of a workspace that is to come to them, while none of them has agreed.
pub(super) async fn preferred(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let (Some(w), Some(o)) = (event.workspace_id, event.organization_id) else { return Ok(Vec::new()) };
    let declared = campaign::list_preferences_of_workspace(tx, w).await?;
    let is_open = declared.iter().any(|p| p.organization_id == o && p.organization_yes_by.is_none());
    if !is_open || payload.get("side").and_then(Value::as_str) != Some("workspace") {
        return Ok(Vec::new());
    }
    let names = (workspace_named(tx, Some(w)).await?, organization_named(tx, Some(o)).await?);
    let (Some(workspace), Some(organization)) = names else { return Ok(Vec::new()) };
    let says = PreferenceDeclared { workspace, organization, by: event.actor.into() };
    let admins = organization::list_admin_ids(tx, o).await?;
    Ok(admins.into_iter().map(|id| Notice::new(id, says.clone())).collect())
}

/// The organization's admins, of a claim of one of them.
pub(super) async fn claimed(app: &App, tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(o) = event.organization_id else { return Ok(Vec::new()) };
    let Some(organization) = organization_named(tx, Some(o)).await? else { return Ok(Vec::new()) };
    let text = |field: &str| payload.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let by = event.actor.into();
    let says: Mail = match event.kind {
        EventType::ClaimBegun => {
            let takes_effect_at = text("takes_effect_at").parse().unwrap_or_else(|_| app.now());
            ClaimBegun { organization, by, takes_effect_at }.into()
        }
        kind => {
            let is_claimed = kind == EventType::OrganizationClaimed;
            ClaimEnded { organization, by, is_claimed, reason: text("reason") }.into()
        }
    };
    let admins = organization::list_admin_ids(tx, o).await?;
    let others = admins.into_iter().filter(|id| event.actor.account_id != Some(*id));
    Ok(others.map(|id| Notice::new(id, says.clone())).collect())
}
