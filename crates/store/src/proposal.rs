//! Proposals of links, and what each side agreed to.

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{Given, Proposal, ProposalState};
use orglink_domain::id::{AccountId, OrganizationId, ProposalId, WorkspaceId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, digest, joined, split, word};
use crate::{StoreError, Tx};

type ProposalRow = (
    Uuid,
    String,
    Uuid,
    Uuid,
    Option<Uuid>,
    Uuid,
    String,
    Option<String>,
    Option<String>,
    String,
    Time,
    Time,
    Option<Time>,
    Option<Time>,
    Option<Uuid>,
    Option<String>,
);

fn from_row(row: ProposalRow) -> Result<Proposal, StoreError> {
    let (
        id,
        act,
        workspace,
        organization,
        source,
        by,
        from,
        payer,
        message,
        state,
        created,
        expires,
        reminded,
        ended,
        ended_by,
        reason,
    ) = row;
    Ok(Proposal {
        id: ProposalId(id),
        act: word(&act, "proposal", "act", id)?,
        workspace_id: WorkspaceId(workspace),
        organization_id: OrganizationId(organization),
        source_id: source.map(OrganizationId),
        proposed_by: AccountId(by),
        proposed_from: word(&from, "proposal", "proposed_from", id)?,
        payer,
        message,
        state: word(&state, "proposal", "state", id)?,
        created_at: created.0,
        expires_at: expires.0,
        reminded_at: reminded.map(|t| t.0),
        ended_at: ended.map(|t| t.0),
        ended_by: ended_by.map(AccountId),
        reason,
    })
}

/// Keeps a new proposal; false when one for the same two is open.
pub async fn create(tx: &mut Tx, new: &Proposal) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("proposal/create"),
        new.id.0,
        new.act.as_str(),
        new.workspace_id.0,
        new.organization_id.0,
        new.source_id.map(|o| o.0),
        new.proposed_by.0,
        new.proposed_from.as_str(),
        new.payer.as_deref(),
        new.payer.as_deref().map(fold),
        new.message.as_deref(),
        Time(new.created_at),
        Time(new.expires_at),
    )?;
    Ok(written == 1)
}

/// By id. The caller asks afterwards whether the one who asks is concerned.
pub async fn find(tx: &mut Tx, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
    fetch_optional!(tx, sql!("proposal/find"), ProposalRow, id.0)?.map(from_row).transpose()
}

/// The one that is open for a pair, whether or not its time has passed.
pub async fn find_open(
    tx: &mut Tx,
    workspace: WorkspaceId,
    organization: OrganizationId,
) -> Result<Option<Proposal>, StoreError> {
    let row = fetch_optional!(tx, sql!("proposal/find_open"), ProposalRow, workspace.0, organization.0)?;
    row.map(from_row).transpose()
}

/// Keeps how an open proposal ended; false when it is not open any more.
pub async fn change(tx: &mut Tx, changed: &Proposal) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("proposal/change"),
        changed.id.0,
        changed.state.as_str(),
        changed.ended_at.map(Time),
        changed.ended_by.map(|a| a.0),
        changed.reason.as_deref(),
    )?;
    Ok(written == 1)
}

/// Notes that the others were reminded; false when it is not open any more.
pub async fn change_reminded(tx: &mut Tx, id: ProposalId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("proposal/change_reminded"), id.0, Time(at))? == 1)
}

/// Keeps what a side agrees to, in place of what it agreed to before.
pub async fn give(tx: &mut Tx, id: ProposalId, given: &Given) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("proposal/give"),
        id.0,
        given.side.as_str(),
        given.account.0,
        given.through.as_str(),
        given.plan_digest.as_bytes().as_slice(),
        joined(given.acknowledged.iter().map(String::as_str)),
        given.reason.as_deref(),
        Time(given.at),
    )?;
    Ok(())
}

/// What the sides agreed to, in the order of time.
pub async fn list_given(tx: &mut Tx, id: ProposalId) -> Result<Vec<Given>, StoreError> {
    type Row = (String, Uuid, String, Vec<u8>, String, Option<String>, Time);
    fetch_all!(tx, sql!("proposal/list_given"), Row, id.0)?
        .into_iter()
        .map(|(side, account, through, plan, acknowledged, reason, at)| {
            Ok(Given {
                side: word(&side, "proposal_consent", "side", id)?,
                account: AccountId(account),
                through: word(&through, "proposal_consent", "through", id)?,
                plan_digest: digest(&plan, "proposal_consent", "plan_digest", id)?,
                acknowledged: split(&acknowledged),
                reason,
                at: at.0,
            })
        })
        .collect()
}

/// Whose proposals.
#[derive(Debug, Clone, Copy)]
pub enum ProposalsOf {
    Workspace(WorkspaceId),
    Organization(OrganizationId),
    /// Those in which an account has a say: of what it administers, or as payer.
    Account(AccountId),
}

/// Proposals in one state or all, newest first, before an id.
pub async fn list(
    tx: &mut Tx,
    of: ProposalsOf,
    state: Option<ProposalState>,
    before: Option<ProposalId>,
    limit: i64,
) -> Result<Vec<Proposal>, StoreError> {
    let (statement, id) = match of {
        ProposalsOf::Workspace(id) => (sql!("proposal/list_of_workspace"), id.0),
        ProposalsOf::Organization(id) => (sql!("proposal/list_of_organization"), id.0),
        ProposalsOf::Account(id) => (sql!("proposal/list_of_account"), id.0),
    };
    let (before, state) = (before.map_or(Uuid::max(), |id| id.0), state.map_or("", ProposalState::as_str));
    fetch_all!(tx, statement, ProposalRow, id, before, limit, state)?.into_iter().map(from_row).collect()
}

/// Open proposals whose time has passed.
pub async fn list_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Proposal>, StoreError> {
    fetch_all!(tx, sql!("proposal/list_due"), ProposalRow, Time(now), limit)?.into_iter().map(from_row).collect()
}

/// Open proposals of a workspace that was linked meanwhile, or of what is gone.
pub async fn list_moot(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Proposal>, StoreError> {
    fetch_all!(tx, sql!("proposal/list_moot"), ProposalRow, Time(now), limit)?.into_iter().map(from_row).collect()
}

/// How many proposals of somebody are open.
pub async fn count_open_of_account(tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("proposal/count_open_of_account"), (i64,), account.0)?.0)
}
