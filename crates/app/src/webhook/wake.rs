//! Notes which webhooks have something to do: a view over the positions of events, whose cursor moves with what it notes.

use std::collections::HashMap;

use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::webhook::LONGEST_REST;
use orglink_store::{event, fault, in_write, notification, webhook};

use crate::{App, Error};

/// This view's name among the cursors.
const VIEW: &str = "webhook";
/// Events looked at together.
const BATCH: i64 = 1000;

/// Wakes the webhooks of whatever the next events happened to; whether there were any.
///
/// # Errors
/// When the database is not reachable.
pub async fn wake(app: &App) -> Result<bool, Error> {
    let mut tx = app.db.begin_read().await?;
    let from = notification::find_cursor(&mut tx, VIEW).await?;
    let items = event::list_feed(&mut tx, from, BATCH).await?;
    drop(tx);
    let Some(last) = items.last() else { return Ok(false) };
    let to = last.position;
    // The first that happened to each: webhooks that are told of everything before it begin there.
    let mut workspaces: HashMap<WorkspaceId, i64> = HashMap::new();
    let mut organizations: HashMap<OrganizationId, i64> = HashMap::new();
    for item in &items {
        if let Some(id) = item.workspace_id {
            workspaces.entry(id).or_insert(item.position);
        }
        if let Some(id) = item.organization_id {
            organizations.entry(id).or_insert(item.position);
        }
    }
    let workspaces: Vec<_> = workspaces.into_iter().collect();
    let organizations: Vec<_> = organizations.into_iter().collect();
    let (workspaces, organizations) = (&workspaces, &organizations);
    let moments = (app.now(), app.now().plus_seconds(LONGEST_REST));
    let woken = in_write!(app.db, tx, {
        // Another replica was faster: it has woken the same.
        if !notification::move_cursor(tx, VIEW, from, to).await? {
            return Ok(0);
        }
        let woken = webhook::wake(tx, workspaces, organizations, moments).await?;
        fault::point("webhook.woken");
        Ok::<usize, Error>(woken)
    })?;
    if woken > 0 {
        app.webhooks.poke();
    }
    Ok(true)
}
