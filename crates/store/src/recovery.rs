//! Recoveries of organizations and workspaces that nobody can administer any more.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, OrganizationId, RecoveryId, TenantId, WorkspaceId};
use orglink_domain::recovery::{Recovery, RecoveryState};
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

type RecoveryRow = (
    Uuid,
    Option<Uuid>,
    Option<Uuid>,
    Uuid,
    String,
    Option<String>,
    Option<Uuid>,
    Option<Uuid>,
    String,
    String,
    Time,
    Time,
    Option<Time>,
    Option<Time>,
    Option<Uuid>,
    Option<String>,
);

fn from_row(row: RecoveryRow) -> Result<Recovery, StoreError> {
    let (
        id,
        organization,
        workspace,
        account,
        way,
        domain,
        proposed_by,
        approved_by,
        reason,
        state,
        created_at,
        expires_at,
        applies_at,
        ended_at,
        ended_by,
        objection,
    ) = row;
    let place = match (organization, workspace) {
        (Some(id), None) => TenantId::Organization(OrganizationId(id)),
        (None, Some(id)) => TenantId::Workspace(WorkspaceId(id)),
        _ => return Err(StoreError::inconsistent("recovery", "workspace_id", id)),
    };
    Ok(Recovery {
        id: RecoveryId(id),
        place,
        account_id: AccountId(account),
        way: word(&way, "recovery", "way", id)?,
        domain,
        proposed_by: proposed_by.map(AccountId),
        approved_by: approved_by.map(AccountId),
        reason,
        state: word(&state, "recovery", "state", id)?,
        created_at: created_at.0,
        expires_at: expires_at.0,
        applies_at: applies_at.map(|t| t.0),
        ended_at: ended_at.map(|t| t.0),
        ended_by: ended_by.map(AccountId),
        objection,
    })
}

/// Keeps a new one; false when the same account has an open one of the same place.
pub async fn create(tx: &mut Tx, recovery: &Recovery) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("recovery/create"),
        recovery.id.0,
        recovery.place.organization().map(|id| id.0),
        recovery.place.workspace().map(|id| id.0),
        recovery.account_id.0,
        recovery.way.as_str(),
        recovery.domain.as_deref(),
        recovery.proposed_by.map(|id| id.0),
        recovery.approved_by.map(|id| id.0),
        &recovery.reason,
        recovery.state.as_str(),
        Time(recovery.created_at),
        Time(recovery.expires_at),
        recovery.applies_at.map(Time),
        recovery.ended_at.map(Time),
        recovery.ended_by.map(|id| id.0),
        recovery.objection.as_deref(),
    )?;
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, id: RecoveryId) -> Result<Option<Recovery>, StoreError> {
    fetch_optional!(tx, sql!("recovery/find"), RecoveryRow, id.0)?.map(from_row).transpose()
}

/// Keeps where it stands now; false when it no longer stands where it stood before.
pub async fn change(tx: &mut Tx, before: RecoveryState, after: &Recovery) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("recovery/change"),
        after.id.0,
        after.state.as_str(),
        after.approved_by.map(|id| id.0),
        after.applies_at.map(Time),
        after.ended_at.map(Time),
        after.ended_by.map(|id| id.0),
        after.objection.as_deref(),
        before.as_str(),
    )?;
    Ok(written == 1)
}

/// Those of a place that can still come to something, the oldest first.
pub async fn list_open(tx: &mut Tx, place: TenantId) -> Result<Vec<Recovery>, StoreError> {
    let rows = match place {
        TenantId::Organization(id) => fetch_all!(tx, sql!("recovery/list_open_of_organization"), RecoveryRow, id.0)?,
        TenantId::Workspace(id) => fetch_all!(tx, sql!("recovery/list_open_of_workspace"), RecoveryRow, id.0)?,
    };
    rows.into_iter().map(from_row).collect()
}

/// Those for an account (all of them when `everything`), before an id, the newest first.
pub async fn list(
    tx: &mut Tx,
    account: AccountId,
    before: Option<RecoveryId>,
    limit: i64,
    everything: bool,
) -> Result<Vec<Recovery>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows = fetch_all!(tx, sql!("recovery/list"), RecoveryRow, everything, account.0, before, limit)?;
    rows.into_iter().map(from_row).collect()
}

/// Those for which time is up, one way or the other.
pub async fn list_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Recovery>, StoreError> {
    fetch_all!(tx, sql!("recovery/list_due"), RecoveryRow, Time(now), limit)?.into_iter().map(from_row).collect()
}

/// How many were asked for an account since a moment.
pub async fn count_recent(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("recovery/count_recent_of_account"), (i64,), account.0, Time(since))?.0)
}

/// Everybody concerned: members of the workspace, holders of a role in the organization.
pub async fn list_concerned(tx: &mut Tx, place: TenantId) -> Result<Vec<AccountId>, StoreError> {
    let rows = match place {
        TenantId::Organization(id) => fetch_all!(tx, sql!("recovery/list_concerned_of_organization"), (Uuid,), id.0)?,
        TenantId::Workspace(id) => fetch_all!(tx, sql!("recovery/list_concerned_of_workspace"), (Uuid,), id.0)?,
    };
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
