//! What a batch of links reads and writes besides what everybody does.

use orglink_domain::campaign::automatic::DecisionState;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, RunId, WorkspaceId};
use uuid::Uuid;

use super::decision::{Decided, from_row};
use crate::row::bytes32;
use crate::{StoreError, Tx};

/// Everything of a wave between two workspaces that still waits is done now: linked, or migrated.
pub async fn mark_done(
    tx: &mut Tx,
    run: RunId,
    wave: i64,
    (first, last): (WorkspaceId, WorkspaceId),
    state: DecisionState,
) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/mark_done"), run.0, wave, first.0, last.0, state.as_str())
}

/// A decision that waits to be applied, with its workspace as it is now.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub decided: Decided,
    pub version: i64,
    pub slug: String,
    pub name: String,
    pub is_deleted: bool,
    pub access_salt: [u8; 32],
}

/// The next of a wave, in the order of ids.
pub async fn list_waiting(tx: &mut Tx, run: RunId, wave: i64, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    type WaitingRow = (
        i64,
        Uuid,
        i64,
        Option<String>,
        Option<Uuid>,
        Option<Vec<u8>>,
        Option<String>,
        Option<String>,
        String,
        Option<String>,
        i64,
        String,
        String,
        bool,
        Vec<u8>,
    );
    let statement = twin!(tx, "campaign/list_waiting");
    fetch_all!(tx, statement, WaitingRow, run.0, wave, limit)?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h, i, j, version, slug, name, is_deleted, salt)| {
            Ok(Waiting {
                access_salt: bytes32(&salt, "workspace", "access_salt", b)?,
                decided: from_row((a, b, c, d, e, f, g, h, i, j))?,
                version,
                slug,
                name,
                is_deleted,
            })
        })
        .collect()
}

/// The next of a wave, by its id alone.
pub async fn find_next_waiting(tx: &mut Tx, run: RunId, wave: i64) -> Result<Option<WorkspaceId>, StoreError> {
    let statement = twin!(tx, "campaign/find_next_waiting");
    Ok(fetch_optional!(tx, statement, (Uuid,), run.0, wave)?.map(|(id,)| WorkspaceId(id)))
}

/// The versions that workspaces are at.
pub async fn list_workspace_versions(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<Vec<(WorkspaceId, i64)>, StoreError> {
    let rows = fetch_by_keys!(tx, (Uuid, i64), "SELECT id, version FROM workspace WHERE id", ids, |id| id.0, "");
    Ok(rows.into_iter().map(|(id, version)| (WorkspaceId(id), version)).collect())
}

/// Who administers workspaces and can act, once each.
pub async fn list_active_admins(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<Vec<(WorkspaceId, AccountId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT DISTINCT g.workspace_id, m.account_id FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id WHERE g.is_admin AND a.is_verified AND NOT a.is_robot AND NOT a.is_suspended AND g.workspace_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(workspace, account)| (WorkspaceId(workspace), AccountId(account))).collect())
}

/// The first wave in which something waits.
pub async fn find_next_wave(tx: &mut Tx, run: RunId) -> Result<Option<i64>, StoreError> {
    let statement = twin!(tx, "campaign/find_next_wave");
    Ok(fetch_one!(tx, statement, (Option<i64>,), run.0)?.0)
}

/// That workspaces are linked, among their reasons.
pub async fn create_linked_reasons(tx: &mut Tx, ids: &[WorkspaceId], at: Timestamp) -> Result<(), StoreError> {
    let code = orglink_domain::eligibility::ReasonCode::AlreadyLinked.as_str();
    insert_all!(tx, "workspace_reason (workspace_id, code, since)", ids, |b, row| {
        b.push_bind(row.0).push_bind(code).push_bind(crate::row::Time(at));
    });
    Ok(())
}
