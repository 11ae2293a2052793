//! Workspaces with the lists of their records.

use std::collections::HashMap;

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::{ContactKind, Workspace};
use uuid::Uuid;

use crate::row::{Time, word};
use crate::workspace::WorkspaceRow;
use crate::{StoreError, Tx};

/// A workspace's fields with the lists that belong to its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceState {
    pub workspace: Workspace,
    /// The id and the age it has where it came from, as far as its record told.
    pub external_id: Option<String>,
    pub external_created_at: Option<Timestamp>,
    /// Sorted.
    pub labels: Vec<String>,
    /// Sorted.
    pub contacts: Vec<(ContactKind, AccountId)>,
}

/// The workspaces of these folded slugs that exist, by folded slug.
pub async fn find_workspaces(tx: &mut Tx, slugs: &[String]) -> Result<HashMap<String, WorkspaceState>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        WorkspaceRow,
        "SELECT id, slug, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, created_at FROM workspace WHERE slug_folded",
        slugs,
        |slug| slug.as_str(),
        ""
    );
    let mut found: HashMap<Uuid, WorkspaceState> = HashMap::new();
    for row in rows {
        let workspace = crate::workspace::from_row(row)?;
        let state = WorkspaceState {
            external_id: None,
            external_created_at: None,
            labels: vec![],
            contacts: vec![],
            workspace,
        };
        found.insert(state.workspace.id.0, state);
    }
    let ids: Vec<Uuid> = found.keys().copied().collect();
    let external = fetch_by_keys!(
        tx,
        (Uuid, Option<String>, Option<Time>),
        "SELECT id, external_id, external_created_at FROM workspace WHERE (external_id IS NOT NULL OR external_created_at IS NOT NULL) AND id",
        ids,
        |id| *id,
        ""
    );
    for (id, external_id, created_at) in external {
        if let Some(state) = found.get_mut(&id) {
            state.external_id = external_id;
            state.external_created_at = created_at.map(|t| t.0);
        }
    }
    let labels = fetch_by_keys!(
        tx,
        (Uuid, String),
        "SELECT workspace_id, label FROM workspace_label WHERE workspace_id",
        ids,
        |id| *id,
        "ORDER BY label"
    );
    for (id, label) in labels {
        if let Some(state) = found.get_mut(&id) {
            state.labels.push(label);
        }
    }
    let contacts = fetch_by_keys!(
        tx,
        (Uuid, String, Uuid),
        "SELECT workspace_id, kind, account_id FROM workspace_contact WHERE workspace_id",
        ids,
        |id| *id,
        ""
    );
    for (id, kind, account) in contacts {
        if let Some(state) = found.get_mut(&id) {
            state.contacts.push((word(&kind, "workspace_contact", "kind", id)?, AccountId(account)));
        }
    }
    for state in found.values_mut() {
        state.contacts.sort_unstable();
    }
    Ok(found.into_values().map(|state| (fold(&state.workspace.slug), state)).collect())
}

/// The ids of these folded slugs that exist.
pub async fn find_workspace_ids(tx: &mut Tx, slugs: &[String]) -> Result<HashMap<String, WorkspaceId>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (String, Uuid),
        "SELECT slug_folded, id FROM workspace WHERE slug_folded",
        slugs,
        |slug| slug.as_str(),
        ""
    );
    Ok(rows.into_iter().map(|(slug, id)| (slug, WorkspaceId(id))).collect())
}

/// Keeps new workspaces with their salts.
pub async fn create_workspaces(tx: &mut Tx, states: &[(WorkspaceState, [u8; 32])]) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "workspace (id, slug, slug_folded, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, external_id, external_created_at, version, access_salt, created_at)",
        states,
        |b, row| {
            let w = &row.0.workspace;
            b.push_bind(w.id.0)
                .push_bind(w.slug.as_str())
                .push_bind(fold(&w.slug))
                .push_bind(w.name.as_str())
                .push_bind(w.app.as_str())
                .push_bind(w.kind.as_str())
                .push_bind(w.plan.as_str())
                .push_bind(w.billing_cycle.as_str())
                .push_bind(w.status.as_str())
                .push_bind(w.legal_hold)
                .push_bind(w.open_transfer)
                .push_bind(row.0.external_id.as_deref())
                .push_bind(row.0.external_created_at.map(Time))
                .push_bind(w.version)
                .push_bind(row.1.as_slice())
                .push_bind(Time(w.created_at));
        }
    );
    let states: Vec<&WorkspaceState> = states.iter().map(|(state, _)| state).collect();
    add_lists(tx, &states).await
}

/// Writes the facts of workspaces that changed; their versions are raised at the end, once each.
pub async fn change_workspaces(tx: &mut Tx, states: &[WorkspaceState], at: Timestamp) -> Result<(), StoreError> {
    for state in states {
        let w = &state.workspace;
        execute!(
            tx,
            sql!("import/change_workspace"),
            w.id.0,
            &w.name,
            w.plan.as_str(),
            w.kind.as_str(),
            w.billing_cycle.as_str(),
            w.status.as_str(),
            w.legal_hold,
            w.open_transfer,
            state.external_id.as_deref(),
            state.external_created_at.map(Time),
            &w.app,
            Time(at),
        )?;
        execute!(tx, sql!("import/delete_workspace_labels"), w.id.0)?;
        execute!(tx, sql!("import/delete_workspace_contacts"), w.id.0)?;
    }
    add_lists(tx, &states.iter().collect::<Vec<_>>()).await
}

async fn add_lists(tx: &mut Tx, states: &[&WorkspaceState]) -> Result<(), StoreError> {
    let labels: Vec<(Uuid, &str)> =
        states.iter().flat_map(|s| s.labels.iter().map(|l| (s.workspace.id.0, l.as_str()))).collect();
    insert_all!(tx, "workspace_label (workspace_id, label)", labels, |b, row| {
        b.push_bind(row.0).push_bind(row.1);
    });
    let contacts: Vec<(Uuid, ContactKind, AccountId)> =
        states.iter().flat_map(|s| s.contacts.iter().map(|(k, a)| (s.workspace.id.0, *k, *a))).collect();
    insert_all!(tx, "workspace_contact (workspace_id, kind, account_id)", contacts, |b, row| {
        b.push_bind(row.0).push_bind(row.1.as_str()).push_bind(row.2.0);
    });
    Ok(())
}
