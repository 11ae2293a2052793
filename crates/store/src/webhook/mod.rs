//! Webhooks, what each of them is told, and what it answered.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{InstalledExtensionId, OrganizationId, TenantId, WebhookId, WorkspaceId};
use orglink_domain::webhook::WebhookState;
use uuid::Uuid;

use crate::row::{Time, joined, split, word};
use crate::{StoreError, Tx};

mod delivery;

pub use delivery::*;

/// A webhook as it is kept.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub id: WebhookId,
    pub owner: TenantId,
    /// The extension that has it, if none of the owner's admins does.
    pub extension: Option<InstalledExtensionId>,
    pub url: String,
    pub description: String,
    /// Types of events, or beginnings that end in a dot; all when there are none.
    pub types: Vec<String>,
    /// Encrypted under the installation's key.
    pub secret: Vec<u8>,
    /// What signed before, and until when it still does.
    pub previous: Option<(Vec<u8>, Timestamp)>,
    pub state: WebhookState,
    pub created_at: Timestamp,
    /// What happened up to here has its deliveries.
    pub position: i64,
    /// Something happened after it that concerns this one.
    pub is_behind: bool,
    /// Failures since the last success, and since when.
    pub failures: i64,
    pub failing_since: Option<Timestamp>,
    /// Counts the claims.
    pub lease: i64,
}

type Row = (
    Uuid,
    Option<Uuid>,
    Option<Uuid>,
    String,
    String,
    String,
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Time>,
    String,
    Time,
    i64,
    bool,
    i64,
    Option<Time>,
    i64,
);

fn from_row(row: Row) -> Result<Webhook, StoreError> {
    let (
        id,
        workspace,
        other,
        url,
        description,
        types,
        secret,
        previous_secret,
        previous_until,
        state,
        created_at,
        position,
        is_behind,
        failures,
        failing_since,
        lease,
    ) = row;
    // A workspace's, an extension's in one, an organization's.
    let (owner, extension) = match (workspace, other) {
        (Some(workspace), other) => (TenantId::Workspace(WorkspaceId(workspace)), other.map(InstalledExtensionId)),
        (None, Some(organization)) => (TenantId::Organization(OrganizationId(organization)), None),
        (None, None) => return Err(StoreError::inconsistent("webhook", "workspace_id", id)),
    };
    Ok(Webhook {
        id: WebhookId(id),
        owner,
        extension,
        url,
        description,
        types: split(&types),
        secret,
        previous: previous_secret.zip(previous_until.map(|t| t.0)),
        state: word(&state, "webhook", "state", id)?,
        created_at: created_at.0,
        position,
        is_behind,
        failures,
        failing_since: failing_since.map(|t| t.0),
        lease,
    })
}

/// Whosever it is: for the loop that sends, which acts for nobody.
pub async fn find_any(tx: &mut Tx, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    fetch_optional!(tx, sql!("webhook/find"), Row, id.0)?.map(from_row).transpose()
}

/// All there are after one, by id, whosever they are: for what is done to all of them by the program itself.
pub async fn list_all(tx: &mut Tx, after: WebhookId, limit: i64) -> Result<Vec<Webhook>, StoreError> {
    fetch_all!(tx, sql!("webhook/list_all"), Row, after.0, limit)?.into_iter().map(from_row).collect()
}

/// One of an owner's, or of an extension's there.
pub async fn find(
    tx: &mut Tx,
    (owner, extension): (TenantId, Option<InstalledExtensionId>),
    id: WebhookId,
) -> Result<Option<Webhook>, StoreError> {
    Ok(find_any(tx, id).await?.filter(|webhook| webhook.owner == owner && webhook.extension == extension))
}

/// An owner's webhooks after one, or those of an extension there, in the order in which they were made.
pub async fn list(
    tx: &mut Tx,
    (owner, extension): (TenantId, Option<InstalledExtensionId>),
    after: Option<WebhookId>,
    limit: i64,
) -> Result<Vec<Webhook>, StoreError> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows = match (owner, extension) {
        (_, Some(id)) => fetch_all!(tx, sql!("webhook/list_of_extension"), Row, id.0, after, limit)?,
        (TenantId::Workspace(id), None) => fetch_all!(tx, sql!("webhook/list_of_workspace"), Row, id.0, after, limit)?,
        (TenantId::Organization(id), None) => {
            fetch_all!(tx, sql!("webhook/list_of_organization"), Row, id.0, after, limit)?
        }
    };
    rows.into_iter().map(from_row).collect()
}

pub async fn create(tx: &mut Tx, new: &Webhook) -> Result<(), StoreError> {
    let (workspace, organization) = (new.owner.workspace().map(|w| w.0), new.owner.organization().map(|o| o.0));
    let types = joined(new.types.iter().map(String::as_str));
    execute!(
        tx,
        sql!("webhook/create"),
        new.id.0,
        workspace,
        organization,
        new.extension.map(|e| e.0),
        &new.url,
        &new.description,
        types,
        &new.secret,
        Time(new.created_at),
        new.position
    )?;
    Ok(())
}

/// Writes where it is, what it is for and what it is told of.
pub async fn change(tx: &mut Tx, webhook: &Webhook) -> Result<(), StoreError> {
    let types = joined(webhook.types.iter().map(String::as_str));
    execute!(tx, sql!("webhook/change"), webhook.id.0, &webhook.url, &webhook.description, types)?;
    Ok(())
}

/// Pauses or resumes it; its failures are forgotten, and what waits is due at once.
pub async fn change_state(tx: &mut Tx, id: WebhookId, state: WebhookState, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("webhook/change_state"), id.0, state.as_str(), Time(at))?;
    Ok(())
}

/// What signs from now on, and what still does for a while.
pub async fn change_secret(
    tx: &mut Tx,
    id: WebhookId,
    secret: &[u8],
    previous: Option<(&[u8], Timestamp)>,
) -> Result<(), StoreError> {
    let (bytes, until) = (previous.map(|p| p.0), previous.map(|p| Time(p.1)));
    execute!(tx, sql!("webhook/change_secret"), id.0, secret, bytes, until)?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: WebhookId) -> Result<(), StoreError> {
    execute!(tx, sql!("webhook/delete"), id.0)?;
    Ok(())
}

/// Tells it again of everything after a position.
pub async fn rewind(tx: &mut Tx, id: WebhookId, position: i64, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("webhook/rewind"), id.0, position, Time(at))?;
    Ok(())
}

/// The position of an owner's first event at a time or later; nothing when there was none.
pub async fn find_position(tx: &mut Tx, owner: TenantId, at: Timestamp) -> Result<Option<i64>, StoreError> {
    type Row = (Option<i64>,);
    let (position,) = match owner {
        TenantId::Workspace(id) => fetch_one!(tx, sql!("webhook/find_position_of_workspace"), Row, id.0, Time(at))?,
        TenantId::Organization(id) => {
            fetch_one!(tx, sql!("webhook/find_position_of_organization"), Row, id.0, Time(at))?
        }
    };
    Ok(position)
}

/// Notes that something happened to these owners, each with the position of the first of it; how many webhooks have
/// something to do: at once, or, if they failed last, at that later moment.
pub async fn wake(
    tx: &mut Tx,
    workspaces: &[(WorkspaceId, i64)],
    organizations: &[(OrganizationId, i64)],
    (at, later): (Timestamp, Timestamp),
) -> Result<usize, StoreError> {
    let of_workspaces = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT id, workspace_id FROM webhook WHERE workspace_id",
        workspaces,
        |key| key.0.0,
        ""
    );
    let of_organizations = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT id, organization_id FROM webhook WHERE organization_id",
        organizations,
        |key| key.0.0,
        ""
    );
    let mut woken = 0;
    let first = |owner: Uuid| {
        let of_workspace = workspaces.iter().filter(|(id, _)| id.0 == owner).map(|(_, position)| *position);
        let of_organization = organizations.iter().filter(|(id, _)| id.0 == owner).map(|(_, position)| *position);
        of_workspace.chain(of_organization).min()
    };
    for (id, owner) in of_workspaces.into_iter().chain(of_organizations) {
        let Some(position) = first(owner) else { continue };
        execute!(tx, sql!("webhook/wake"), id, position - 1, Time(at), Time(later))?;
        woken += 1;
    }
    Ok(woken)
}

/// The active webhook that has had something to do for longest and that nobody holds, with the count of its claims.
pub async fn find_due(tx: &mut Tx, now: Timestamp) -> Result<Option<(WebhookId, i64)>, StoreError> {
    Ok(fetch_optional!(tx, sql!("webhook/find_due"), (Uuid, i64), Time(now))?.map(|(id, lease)| (WebhookId(id), lease)))
}

/// Keeps a webhook to oneself until a moment; false when somebody else does. The claim is `lease + 1` from then on.
pub async fn claim(tx: &mut Tx, id: WebhookId, lease: i64, until: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("webhook/claim"), id.0, lease, Time(until))? == 1)
}

/// Lets go of it, and says when there is something to do next; false when somebody else has it by now.
pub async fn release(tx: &mut Tx, id: WebhookId, lease: i64, due_at: Option<Timestamp>) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("webhook/release"), id.0, lease, due_at.map(Time))? == 1)
}

/// Notes up to where it has its deliveries; false when somebody else has it by now.
pub async fn advance(
    tx: &mut Tx,
    id: WebhookId,
    lease: i64,
    position: i64,
    is_behind: bool,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("webhook/advance"), id.0, lease, position, is_behind)? == 1)
}

/// Says that there is something to do at a moment.
pub async fn touch(tx: &mut Tx, id: WebhookId, due_at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("webhook/touch"), id.0, Time(due_at))?;
    Ok(())
}

/// Notes that it took something.
pub async fn note_success(tx: &mut Tx, id: WebhookId, lease: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("webhook/note_success"), id.0, lease)? == 1)
}

/// Notes that it did not.
pub async fn note_failure(tx: &mut Tx, id: WebhookId, lease: i64, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("webhook/note_failure"), id.0, lease, Time(at))? == 1)
}

/// Sends nothing more to it by itself; false when it is not active any more.
pub async fn stop(tx: &mut Tx, id: WebhookId, state: WebhookState) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("webhook/stop"), id.0, state.as_str())? == 1)
}
