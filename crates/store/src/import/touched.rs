//! What follows for every workspace that was touched: versions and stored reasons.

use std::collections::HashMap;

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{ReasonCode, WorkspaceFacts};
use orglink_domain::id::WorkspaceId;
use uuid::Uuid;

use crate::row::Time;
use crate::workspace::WorkspaceRow;
use crate::{StoreError, Tx};

/// Raises the versions of workspaces that existed before and were changed.
pub async fn raise_versions(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<(), StoreError> {
    execute_in!(tx, "UPDATE workspace SET version = version + 1 WHERE id IN (", ids, |id| id.0, ")");
    Ok(())
}

/// What eligibility looks at, for many workspaces, with each one's version and number of admins.
pub async fn find_facts(
    tx: &mut Tx,
    ids: &[WorkspaceId],
) -> Result<HashMap<WorkspaceId, (WorkspaceFacts, i64, i64)>, StoreError> {
    let rows = fetch_in!(
        tx,
        WorkspaceRow,
        "SELECT id, slug, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, created_at FROM workspace WHERE id IN (",
        ids,
        |id| id.0,
        ")"
    );
    let mut found = HashMap::new();
    for row in rows {
        let w = crate::workspace::from_row(row)?;
        let facts = WorkspaceFacts {
            is_linked: false,
            kind: w.kind,
            plan: w.plan,
            status: w.status,
            open_transfer: w.open_transfer,
            legal_hold: w.legal_hold,
            labels: vec![],
            active_admins: 0,
        };
        found.insert(w.id, (facts, w.version, 0));
    }
    let labels = fetch_in!(
        tx,
        (Uuid, String),
        "SELECT workspace_id, label FROM workspace_label WHERE workspace_id IN (",
        ids,
        |id| id.0,
        ")"
    );
    for (id, label) in labels {
        if let Some((facts, ..)) = found.get_mut(&WorkspaceId(id)) {
            facts.labels.push(label);
        }
    }
    let linked = fetch_in!(
        tx,
        (Uuid,),
        "SELECT workspace_id FROM link WHERE ended_at IS NULL AND workspace_id IN (",
        ids,
        |id| id.0,
        ")"
    );
    for (id,) in linked {
        if let Some((facts, ..)) = found.get_mut(&WorkspaceId(id)) {
            facts.is_linked = true;
        }
    }
    let admins = fetch_in!(
        tx,
        (Uuid, bool, bool),
        "SELECT DISTINCT g.workspace_id, a.is_verified AND NOT a.is_suspended, a.is_robot, a.id FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id WHERE g.is_admin AND g.workspace_id IN (",
        ids,
        |id| id.0,
        ")"
    );
    for (id, may_act, is_robot) in admins {
        if let Some((facts, _, admins)) = found.get_mut(&WorkspaceId(id)) {
            *admins += 1;
            facts.active_admins += i64::from(may_act && !is_robot);
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
    insert_rows!(tx, "INSERT INTO workspace_reason (workspace_id, code, since)", new, |b, row| {
        b.push_bind(row.0.0).push_bind(row.1.as_str()).push_bind(Time(at));
    });
    Ok(())
}
