//! An extension was installed, updated or uninstalled: the other admins of the workspace are told.

use orglink_domain::event::{Event, EventType};
use orglink_mail::{ExtensionChange, ExtensionChanged, Named};
use orglink_store::{Tx, workspace};
use serde_json::Value;

use super::{Notice, workspace_named};
use crate::Error;

pub(super) async fn changed(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let what = match event.kind {
        EventType::ExtensionInstalled => ExtensionChange::Installed,
        EventType::ExtensionUpdated => ExtensionChange::Updated,
        _ => ExtensionChange::Uninstalled,
    };
    let field = |name: &str| payload.get("extension").and_then(|e| e.get(name));
    let text = |name: &str| field(name).and_then(Value::as_str).unwrap_or_default();
    let scopes = field("scopes").and_then(Value::as_array).into_iter().flatten();
    let scopes: Vec<_> = scopes.filter_map(Value::as_str).filter_map(|s| s.parse().ok()).collect();
    let Some(id) = event.workspace_id else { return Ok(Vec::new()) };
    let Some(named) = workspace_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
    let admins = workspace::list_admin_ids(tx, id).await?;
    let others = admins.into_iter().filter(|admin| event.actor.account_id != Some(*admin));
    let says = ExtensionChanged {
        workspace: named,
        extension: Named::new(text("name"), text("title")),
        by: event.actor.into(),
        what,
        scopes,
        at: event.at,
    };
    Ok(others.map(|admin| Notice::new(admin, says.clone())).collect())
}
