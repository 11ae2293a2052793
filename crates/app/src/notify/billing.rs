//! The billing of a workspace has migrated.

use orglink_domain::event::Event;
use orglink_domain::id::{AccountId, RunId};
use orglink_mail::BillingMigrated;
use orglink_store::{Tx, billing, campaign, organization, workspace};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

use super::{Notice, organization_named, workspace_named};
use crate::Error;

/// Every admin of both sides, both kinds of contacts, and the reseller; each once.
pub(super) async fn migrated(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let (Some(w), Some(o)) = (event.workspace_id, event.organization_id) else { return Ok(Vec::new()) };
    let names = (workspace_named(tx, Some(w)).await?, organization_named(tx, Some(o)).await?);
    let (Some(workspace_name), Some(organization_name)) = names else { return Ok(Vec::new()) };
    let run = payload.get("run").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok()).map(RunId);
    let definition = match run {
        Some(run) => campaign::find_run(tx, run).await?.map(|run| run.definition),
        None => None,
    };
    let says = BillingMigrated {
        workspace: workspace_name,
        organization: organization_name,
        at: event.at,
        note: definition.map(|d| d.texts.linked).unwrap_or_default(),
    };
    let mut told: BTreeSet<AccountId> = workspace::list_admin_ids(tx, w).await?.into_iter().collect();
    told.extend(organization::list_admin_ids(tx, o).await?);
    told.extend(billing::list_payer_ids(tx, w).await?);
    Ok(told.into_iter().map(|id| Notice::new(id, says.clone())).collect())
}
