//! A webhook was paused because it failed: its admins are told; of an extension's, whoever runs that sees to it.

use orglink_domain::event::Event;
use orglink_mail::{RolePlace, WebhookPaused};
use orglink_store::{Tx, organization, workspace};
use serde_json::Value;

use super::{Notice, organization_named, workspace_named};
use crate::Error;

pub(super) async fn paused(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    if payload.get("extension").is_some() {
        return Ok(Vec::new());
    }
    let text = |field: &str| payload.get(field).and_then(Value::as_str).unwrap_or_default();
    let (place, admins) = match (event.workspace_id, event.organization_id) {
        (Some(id), _) => {
            let Some(named) = workspace_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
            (RolePlace::Workspace(named), workspace::list_admin_ids(tx, id).await?)
        }
        (None, Some(id)) => {
            let Some(named) = organization_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
            (RolePlace::Organization(named), organization::list_admin_ids(tx, id).await?)
        }
        (None, None) => return Ok(Vec::new()),
    };
    let says = WebhookPaused {
        place,
        webhook: text("webhook").to_owned(),
        host: text("host").to_owned(),
        is_gone: text("state") == "gone",
        since: text("since").parse().ok(),
        at: event.at,
    };
    Ok(admins.into_iter().map(|admin| Notice::new(admin, says.clone())).collect())
}
