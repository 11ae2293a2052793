//! Access requests: kept for names that mean something and for names that mean nothing alike.

use orglink_domain::access_request::{AccessRequest, AccessRequestState, AskedKind};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccessRequestId, AccountId, OrganizationId, TenantId, WorkspaceId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

type RequestRow = (
    Uuid,
    Uuid,
    String,
    String,
    Option<Uuid>,
    Option<String>,
    Option<String>,
    String,
    Time,
    Time,
    Option<Time>,
    Option<Uuid>,
    Option<String>,
);

fn from_row(row: RequestRow) -> Result<AccessRequest, StoreError> {
    let (
        id,
        asked_by,
        kind,
        named,
        tenant,
        message,
        return_to,
        state,
        created_at,
        expires_at,
        ended_at,
        ended_by,
        reason,
    ) = row;
    let kind = word(&kind, "access_request", "kind", id)?;
    Ok(AccessRequest {
        id: AccessRequestId(id),
        asked_by: AccountId(asked_by),
        kind,
        named,
        tenant: tenant.map(|tenant| match kind {
            AskedKind::Organization => TenantId::Organization(OrganizationId(tenant)),
            AskedKind::Workspace => TenantId::Workspace(WorkspaceId(tenant)),
        }),
        message,
        return_to,
        state: word(&state, "access_request", "state", id)?,
        created_at: created_at.0,
        expires_at: expires_at.0,
        ended_at: ended_at.map(|t| t.0),
        ended_by: ended_by.map(AccountId),
        reason,
    })
}

/// Keeps a new request; false when the same person has the same one open.
pub async fn create(tx: &mut Tx, new: &AccessRequest) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("access_request/create"),
        new.id.0,
        new.asked_by.0,
        new.kind.as_str(),
        &new.named,
        fold(&new.named),
        new.tenant.map(TenantId::uuid),
        new.message.as_deref(),
        new.return_to.as_deref(),
        Time(new.created_at),
        Time(new.expires_at),
    )?;
    Ok(written == 1)
}

/// By id. The caller asks afterwards whether the one who asks is the asker or may decide.
pub async fn find(tx: &mut Tx, id: AccessRequestId) -> Result<Option<AccessRequest>, StoreError> {
    fetch_optional!(tx, sql!("access_request/find"), RequestRow, id.0)?.map(from_row).transpose()
}

/// Keeps what a transition made of an open request; false when it is not open any more.
pub async fn change(tx: &mut Tx, changed: &AccessRequest) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("access_request/change"),
        changed.id.0,
        changed.state.as_str(),
        changed.ended_at.map(Time),
        changed.ended_by.map(|a| a.0),
        changed.reason.as_deref(),
    )?;
    Ok(written == 1)
}

/// Whose requests.
#[derive(Debug, Clone, Copy)]
pub enum RequestsOf {
    /// Those that this place's admins decide.
    Tenant(TenantId),
    /// Those that this account made.
    Account(AccountId),
}

/// Requests in one state or all, newest first, before an id.
pub async fn list(
    tx: &mut Tx,
    of: RequestsOf,
    state: Option<AccessRequestState>,
    before: Option<AccessRequestId>,
    limit: i64,
) -> Result<Vec<AccessRequest>, StoreError> {
    let (statement, id) = match of {
        RequestsOf::Tenant(tenant) => (sql!("access_request/list_of_tenant"), tenant.uuid()),
        RequestsOf::Account(account) => (sql!("access_request/list_of_account"), account.0),
    };
    let (before, state) = (before.map_or(Uuid::max(), |id| id.0), state.map_or("", AccessRequestState::as_str));
    fetch_all!(tx, statement, RequestRow, id, before, limit, state)?.into_iter().map(from_row).collect()
}

/// Open requests whose time has passed.
pub async fn list_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<AccessRequest>, StoreError> {
    fetch_all!(tx, sql!("access_request/list_due"), RequestRow, Time(now), limit)?.into_iter().map(from_row).collect()
}

/// How many requests of somebody are open, and how many they made since a moment.
pub async fn count_of_account(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<(i64, i64), StoreError> {
    fetch_one!(tx, sql!("access_request/count_of_account"), (i64, i64), account.0, Time(since))
}

/// What is called so, and whether an account administers it: one statement, whether or not anything is.
pub async fn find_place(
    tx: &mut Tx,
    kind: AskedKind,
    slug: &str,
    account: AccountId,
) -> Result<Option<(Uuid, bool)>, StoreError> {
    let statement = match kind {
        AskedKind::Organization => sql!("access_request/find_organization"),
        AskedKind::Workspace => sql!("access_request/find_workspace"),
    };
    let row = fetch_optional!(tx, statement, (Uuid, i64), fold(slug), account.0)?;
    Ok(row.map(|(id, admin)| (id, admin > 0)))
}
