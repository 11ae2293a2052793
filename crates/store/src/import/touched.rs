//! What follows for every workspace that was touched: versions and stored reasons.

use std::collections::HashMap;

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{ReasonCode, WorkspaceFacts};
use orglink_domain::id::WorkspaceId;
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// Raises the versions of workspaces that existed before and were changed.
pub async fn raise_versions(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<(), StoreError> {
    execute_by_keys!(tx, "UPDATE workspace SET version = version + 1 WHERE id", ids, |id| id.0);
    Ok(())
}

/// What eligibility looks at, for many workspaces, with each one's version and number of admins.
pub async fn find_facts(
    tx: &mut Tx,
    ids: &[WorkspaceId],
) -> Result<HashMap<WorkspaceId, (WorkspaceFacts, i64, i64)>, StoreError> {
    type Row = (Uuid, String, String, String, bool, bool, i64, bool);
    let rows = fetch_by_keys!(
        tx,
        Row,
        "SELECT w.id, w.kind, w.plan, w.status, w.legal_hold, w.open_transfer, w.version, EXISTS (SELECT 1 FROM link l WHERE l.workspace_id = w.id AND l.ended_at IS NULL) FROM workspace w WHERE w.id",
        ids,
        |id| id.0,
        ""
    );
    let mut found = HashMap::new();
    for (id, kind, plan, status, legal_hold, open_transfer, version, is_linked) in rows {
        let facts = WorkspaceFacts {
            is_linked,
            kind: word(&kind, "workspace", "kind", id)?,
            plan: word(&plan, "workspace", "plan", id)?,
            status: word(&status, "workspace", "status", id)?,
            open_transfer,
            legal_hold,
            labels: vec![],
            active_admins: 0,
        };
        found.insert(WorkspaceId(id), (facts, version, 0));
    }
    let labels = fetch_by_keys!(
        tx,
        (Uuid, String),
        "SELECT workspace_id, label FROM workspace_label WHERE workspace_id",
        ids,
        |id| id.0,
        ""
    );
    for (id, label) in labels {
        if let Some((facts, ..)) = found.get_mut(&WorkspaceId(id)) {
            facts.labels.push(label);
        }
    }
    let admins = fetch_by_keys!(
        tx,
        (Uuid, i64, i64),
        "SELECT g.workspace_id, COUNT(DISTINCT a.id), COUNT(DISTINCT CASE WHEN a.is_verified AND NOT a.is_suspended AND NOT a.is_robot THEN a.id END) FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id WHERE g.is_admin AND g.workspace_id",
        ids,
        |id| id.0,
        "GROUP BY g.workspace_id"
    );
    for (id, all, active) in admins {
        if let Some((facts, _, admins)) = found.get_mut(&WorkspaceId(id)) {
            *admins = all;
            facts.active_admins = active;
        }
    }
    Ok(found)
}

/// Writes the differences between stored and true reasons of many workspaces.
pub async fn change_reasons(
    tx: &mut Tx,
    gone: &[(WorkspaceId, ReasonCode)],
    new: &[(WorkspaceId, ReasonCode)],
    at: Timestamp,
) -> Result<(), StoreError> {
    for (id, code) in gone {
        execute!(tx, sql!("workspace/delete_reason"), id.0, code.as_str())?;
    }
    insert_all!(tx, "workspace_reason (workspace_id, code, since)", new, |b, row| {
        b.push_bind(row.0.0).push_bind(row.1.as_str()).push_bind(Time(at));
    });
    Ok(())
}
