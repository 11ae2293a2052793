//! After the records: versions, stored reasons and events of every workspace that was touched.

use std::collections::HashMap;

use orglink_domain::eligibility::{ReasonCode, workspace_reasons};
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::WorkspaceId;
use orglink_store::staging::Touch;
use orglink_store::{Tx, event, fault, import as bulk, workspace};
use serde_json::{Value, json};

use super::Applying;
use crate::Error;
use crate::eligibility::{Cause, turned};

/// Workspaces finished together.
const WORKSPACES: i64 = 500;
/// Changes that an event lists; beyond that it says that there were more.
const CHANGES_AN_EVENT: i64 = 200;

impl Applying<'_> {
    pub(super) async fn finish(&mut self, tx: &mut Tx, actor: Actor) -> Result<(), Error> {
        let mut after = None;
        loop {
            let touched = self.staging.list_touched(after, WORKSPACES).await?;
            let (Some(first), Some(last)) = (touched.first(), touched.last()) else { break };
            after = Some(*last);
            let touches = self.staging.list_touches(*first, *last, CHANGES_AN_EVENT + 1).await?;
            let mut by_workspace: HashMap<WorkspaceId, Vec<Touch>> = HashMap::new();
            for touch in touches {
                by_workspace.entry(WorkspaceId(touch.workspace)).or_default().push(touch);
            }
            let ids: Vec<WorkspaceId> = touched.iter().map(|id| WorkspaceId(*id)).collect();
            self.workspaces_touched(tx, actor, &ids, &by_workspace).await?;
        }
        fault::point("import.reasons");
        let happened = NewEvent {
            kind: EventType::ImportCompleted,
            organization_id: None,
            workspace_id: None,
            payload: strings(&json!({
                "created": self.report.created, "changed": self.report.changed, "unchanged": self.report.unchanged,
            })),
        };
        event::append(tx, self.app.origin(actor, self.at), happened, None).await?;
        Ok(())
    }

    async fn workspaces_touched(
        &mut self,
        tx: &mut Tx,
        actor: Actor,
        ids: &[WorkspaceId],
        touches: &HashMap<WorkspaceId, Vec<Touch>>,
    ) -> Result<(), Error> {
        let is_new = |id: &WorkspaceId| touches.get(id).is_some_and(|t| t.iter().any(|t| t.change.is_none()));
        let changed: Vec<WorkspaceId> = ids.iter().filter(|id| !is_new(id)).copied().collect();
        bulk::raise_versions(tx, &changed).await?;
        let facts = bulk::find_facts(tx, ids).await?;
        let mut stored: HashMap<WorkspaceId, Vec<ReasonCode>> = HashMap::new();
        for (id, code) in workspace::list_reasons_of(tx, &changed).await? {
            stored.entry(id).or_default().push(code);
        }
        let (mut gone, mut new, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for id in ids {
            let Some((facts, version, admins)) = facts.get(id) else { continue };
            let done = touches.get(id).map(Vec::as_slice).unwrap_or_default();
            if let (0, Some(touch)) = (admins, done.iter().find(|t| t.takes_admin)) {
                let detail = "this would take away the last admin of the workspace".to_owned();
                return Err(self.bad(touch.line, detail));
            }
            let truth = workspace_reasons(facts, &self.app.catalog.eligibility);
            let before = stored.remove(id).unwrap_or_default();
            gone.extend(before.iter().filter(|c| !truth.contains(c)).map(|c| (*id, *c)));
            new.extend(truth.iter().filter(|c| !before.contains(c)).map(|c| (*id, *c)));
            if !is_new(id) {
                events.extend(turned(self.app, *id, &before, &truth, Cause::Import).map(|e| (e, None)));
            }
            events.push((event_of(*id, *version, is_new(id), done), Some(*version)));
        }
        bulk::change_reasons(tx, &gone, &new, self.at).await?;
        event::append_all(tx, self.app.origin(actor, self.at), &events).await?;
        Ok(())
    }
}

fn event_of(id: WorkspaceId, version: i64, is_new: bool, touches: &[Touch]) -> NewEvent {
    let kind = if is_new { EventType::WorkspaceCreated } else { EventType::WorkspaceChanged };
    let payload = if is_new {
        json!({ "by": "import", "version": version.to_string() })
    } else {
        let limit = usize::try_from(CHANGES_AN_EVENT).unwrap_or(usize::MAX);
        let changes: Vec<Value> = touches
            .iter()
            .take(limit)
            .filter_map(|t| t.change.as_deref().and_then(|c| serde_json::from_str(c).ok()))
            .collect();
        json!({
            "by": "import", "version": version.to_string(), "changes": changes, "has_more": touches.len() > limit,
        })
    };
    NewEvent { kind, organization_id: None, workspace_id: Some(id), payload }
}

/// Numbers as strings, as canonical JSON of this project has them.
fn strings(value: &Value) -> Value {
    match value {
        Value::Number(n) => Value::String(n.to_string()),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), strings(v))).collect(),
        other => other.clone(),
    }
}
