//! Invitations: kept by address, whether or not anybody has it.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, InvitationId, OrganizationId, TenantId, WorkspaceId};
use orglink_domain::invitation::{Invitation, InvitationState, Target};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, can_be_stored, word};
use crate::{StoreError, Tx};

type InvitationRow = (
    Uuid,
    Uuid,
    String,
    String,
    Uuid,
    String,
    bool,
    String,
    Option<String>,
    Time,
    Time,
    Option<Time>,
    Option<Uuid>,
    Time,
    i64,
    Time,
);

fn from_row(row: InvitationRow) -> Result<Invitation, StoreError> {
    let (
        id,
        tenant,
        target,
        email,
        invited_by,
        through,
        hands_over,
        state,
        ending,
        created_at,
        expires_at,
        ended_at,
        ended_by,
        sent_at,
        resends,
        resends_since,
    ) = row;
    let target = Target::parse(&target).ok_or_else(|| StoreError::inconsistent("invitation", "target", id))?;
    Ok(Invitation {
        id: InvitationId(id),
        tenant: match target {
            Target::UserGroup(_) => TenantId::Workspace(WorkspaceId(tenant)),
            Target::Role(_) | Target::DirectoryGroup(_) | Target::SiteGroup(..) => {
                TenantId::Organization(OrganizationId(tenant))
            }
        },
        target,
        email,
        invited_by: AccountId(invited_by),
        invited_through: word(&through, "invitation", "invited_through", id)?,
        hands_over,
        state: word(&state, "invitation", "state", id)?,
        ending: ending.map(|e| word(&e, "invitation", "ending", id)).transpose()?,
        created_at: created_at.0,
        expires_at: expires_at.0,
        ended_at: ended_at.map(|t| t.0),
        ended_by: ended_by.map(AccountId),
        sent_at: sent_at.0,
        resends,
        resends_since: resends_since.0,
    })
}

fn from_rows(rows: Vec<InvitationRow>) -> Result<Vec<Invitation>, StoreError> {
    rows.into_iter().map(from_row).collect()
}

/// Keeps a new invitation; false when the same is pending already.
pub async fn create(tx: &mut Tx, new: &Invitation) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("invitation/create"),
        new.id.0,
        new.tenant.uuid(),
        new.tenant.workspace().map(|w| w.0),
        new.tenant.organization().map(|o| o.0),
        new.target.to_string(),
        &new.email,
        fold(&new.email),
        new.invited_by.0,
        new.invited_through.as_str(),
        new.hands_over,
        Time(new.created_at),
        Time(new.expires_at),
    )?;
    Ok(written == 1)
}

/// By id. The caller asks afterwards whether the one who asks is the invited one or may invite there.
pub async fn find(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    fetch_optional!(tx, sql!("invitation/find"), InvitationRow, id.0)?.map(from_row).transpose()
}

/// Keeps what a transition made of a pending invitation; false when it is not pending any more.
pub async fn change(tx: &mut Tx, changed: &Invitation) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("invitation/change"),
        changed.id.0,
        changed.state.as_str(),
        changed.ending.map(orglink_domain::invitation::Ending::as_str),
        changed.ended_at.map(Time),
        changed.ended_by.map(|a| a.0),
        changed.invited_by.0,
        changed.invited_through.as_str(),
        changed.hands_over,
        Time(changed.expires_at),
        Time(changed.sent_at),
        changed.resends,
        Time(changed.resends_since),
    )?;
    Ok(written == 1)
}

/// The invitations to a place, in one state or all, newest first, before an id.
pub async fn list_of_tenant(
    tx: &mut Tx,
    tenant: TenantId,
    state: Option<InvitationState>,
    before: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, StoreError> {
    let (before, state) = (before.map_or(Uuid::max(), |id| id.0), state.map_or("", InvitationState::as_str));
    let list = sql!("invitation/list_of_tenant");
    from_rows(fetch_all!(tx, list, InvitationRow, tenant.uuid(), before, limit, state)?)
}

/// Every pending invitation to a place: there are never many.
pub async fn list_pending_of_tenant(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Invitation>, StoreError> {
    from_rows(fetch_all!(tx, sql!("invitation/list_pending_of_tenant"), InvitationRow, tenant.uuid())?)
}

/// Every pending invitation that an account answers for.
pub async fn list_pending_by_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Invitation>, StoreError> {
    from_rows(fetch_all!(tx, sql!("invitation/list_pending_by_account"), InvitationRow, account.0)?)
}

/// The invitations to an address, in one state or all, newest first, before an id.
pub async fn list_to_address(
    tx: &mut Tx,
    email: &str,
    state: Option<InvitationState>,
    before: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, StoreError> {
    if !can_be_stored(email) {
        return Ok(Vec::new());
    }
    let (before, state) = (before.map_or(Uuid::max(), |id| id.0), state.map_or("", InvitationState::as_str));
    let list = sql!("invitation/list_to_address");
    from_rows(fetch_all!(tx, list, InvitationRow, fold(email), before, limit, state)?)
}

/// Has what is pending to something be to something else: what it was to is called so now.
pub async fn change_target(tx: &mut Tx, of: TenantId, from: &Target, to: &Target) -> Result<(), StoreError> {
    execute!(tx, sql!("invitation/change_target"), of.uuid(), from.to_string(), to.to_string())?;
    Ok(())
}

/// Pending invitations whose time has passed.
pub async fn list_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Invitation>, StoreError> {
    from_rows(fetch_all!(tx, sql!("invitation/list_due"), InvitationRow, Time(now), limit)?)
}

/// How many somebody has sent since a moment.
pub async fn count_by_account(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("invitation/count_by_account"), (i64,), account.0, Time(since))?.0)
}
