//! The users of a workspace have migrated: its admins are told, and whoever manages the directory.

use orglink_domain::event::Event;
use orglink_domain::id::RunId;
use orglink_mail::UsersMigrated;
use orglink_store::{Tx, campaign, directory, workspace};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, organization_named, workspace_named};
use crate::Error;

pub(super) async fn migrated(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let (Some(w), Some(o)) = (event.workspace_id, event.organization_id) else { return Ok(Vec::new()) };
    let (Some(workspace), Some(organization)) =
        (workspace_named(tx, Some(w)).await?, organization_named(tx, Some(o)).await?)
    else {
        return Ok(Vec::new());
    };
    let run = payload.get("run").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok()).map(RunId);
    let definition = match run {
        Some(run) => campaign::find_run(tx, run).await?.map(|run| run.definition),
        None => None,
    };
    let (campaign, note) = definition.map(|d| (d.name, d.texts.linked)).unwrap_or_default();
    let says = |is_organization_side| UsersMigrated {
        workspace: workspace.clone(),
        organization: organization.clone(),
        by: event.actor.into(),
        at: event.at,
        is_organization_side,
        campaign: campaign.clone(),
        note: note.clone(),
    };
    let managers = directory::list_managers(tx, o).await?;
    let admins = workspace::list_admin_ids(tx, w).await?;
    let ours = admins.into_iter().filter(|id| !managers.contains(id)).map(|id| Notice::new(id, says(false)));
    let mut notices: Vec<Notice> = ours.collect();
    notices.extend(managers.into_iter().map(|id| Notice::new(id, says(true))));
    Ok(notices)
}
