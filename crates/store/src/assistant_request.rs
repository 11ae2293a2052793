//! What assistants ask their own people to do.

use orglink_domain::assistant::AssistantRequest;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, AssistantRequestId, OrganizationId, TokenId, WorkspaceId};
use orglink_domain::link::Act;
use uuid::Uuid;

use crate::row::{Time, digest, word};
use crate::{StoreError, Tx};

/// A request with the token by which it was made.
#[derive(Debug, Clone)]
pub struct Asked {
    pub request: AssistantRequest,
    pub token: String,
    /// It was not revoked.
    pub is_token_alive: bool,
}

type Row =
    (Uuid, Uuid, Uuid, String, Uuid, Uuid, Vec<u8>, Option<String>, String, Time, Time, Option<Time>, String, bool);

fn from_row(row: Row) -> Result<Asked, StoreError> {
    let (
        id,
        account,
        token_id,
        act,
        workspace,
        organization,
        plan,
        message,
        state,
        created,
        expires,
        ended,
        token,
        alive,
    ) = row;
    Ok(Asked {
        request: AssistantRequest {
            id: AssistantRequestId(id),
            account_id: AccountId(account),
            token_id: TokenId(token_id),
            act: word(&act, "assistant_request", "act", id)?,
            workspace_id: WorkspaceId(workspace),
            organization_id: OrganizationId(organization),
            plan_digest: digest(&plan, "assistant_request", "plan_digest", id)?,
            message,
            state: word(&state, "assistant_request", "state", id)?,
            created_at: created.0,
            expires_at: expires.0,
            ended_at: ended.map(|t| t.0),
        },
        token,
        is_token_alive: alive,
    })
}

/// Keeps a new request; false when the same one is open.
pub async fn create(tx: &mut Tx, new: &AssistantRequest) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("assistant_request/create"),
        new.id.0,
        new.account_id.0,
        new.token_id.0,
        new.act.as_str(),
        new.workspace_id.0,
        new.organization_id.0,
        new.plan_digest.as_bytes().as_slice(),
        new.message.as_deref(),
        Time(new.created_at),
        Time(new.expires_at),
    )?;
    Ok(written == 1)
}

/// Keeps how an open request ended; false when it is not open any more.
pub async fn change(tx: &mut Tx, changed: &AssistantRequest) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("assistant_request/change"),
        changed.id.0,
        changed.state.as_str(),
        changed.ended_at.map(Time),
    )?;
    Ok(written == 1)
}

/// Notes that the time of somebody's requests has passed.
pub async fn expire(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("assistant_request/expire"), account.0, Time(now))?;
    Ok(())
}

/// One of somebody's own.
pub async fn find(tx: &mut Tx, account: AccountId, id: AssistantRequestId) -> Result<Option<Asked>, StoreError> {
    fetch_optional!(tx, sql!("assistant_request/find"), Row, id.0, account.0)?.map(from_row).transpose()
}

/// The one that is open for a plan, whether or not its time has passed.
pub async fn find_open(tx: &mut Tx, account: AccountId, act: Act, plan: &Digest) -> Result<Option<Asked>, StoreError> {
    let plan = plan.as_bytes().as_slice();
    let row = fetch_optional!(tx, sql!("assistant_request/find_open"), Row, account.0, act.as_str(), plan)?;
    row.map(from_row).transpose()
}

/// Somebody's own, newest first, before an id.
pub async fn list(
    tx: &mut Tx,
    account: AccountId,
    before: Option<AssistantRequestId>,
    limit: i64,
) -> Result<Vec<Asked>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    fetch_all!(tx, sql!("assistant_request/list"), Row, account.0, before, limit)?.into_iter().map(from_row).collect()
}

/// How many are open, and how many were made since a moment.
pub async fn count(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<(i64, i64), StoreError> {
    fetch_one!(tx, sql!("assistant_request/count"), (i64, i64), account.0, Time(since))
}
