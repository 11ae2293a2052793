//! Links: one active one a workspace, and the history.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, LinkId, OrganizationId, RunId, WorkspaceId};
use orglink_domain::link::{AccessCheck, Link, LinkOrigin, LinkPolicy};
use orglink_domain::workspace::Workspace;
use uuid::Uuid;

use crate::row::{Time, digest, joined, split, word};
use crate::{StoreError, Tx, workspace};

type LinkRow = (
    Uuid,
    Uuid,
    Uuid,
    Time,
    Option<Uuid>,
    String,
    Option<Vec<u8>>,
    Vec<u8>,
    i64,
    String,
    String,
    i64,
    String,
    Option<Time>,
    Option<Uuid>,
    bool,
);

fn from_row(row: LinkRow) -> Result<Link, StoreError> {
    let (
        id,
        workspace_id,
        organization_id,
        linked_at,
        linked_by,
        through,
        plan,
        access,
        version,
        check,
        consent,
        undo,
        acknowledged,
        ended_at,
        run,
        transfer,
    ) = row;
    let origin = match (linked_by, plan, run) {
        (Some(account), Some(plan), None) => {
            LinkOrigin::Person { account: AccountId(account), plan: digest(&plan, "link", "plan_digest", id)? }
        }
        (None, None, Some(run)) => LinkOrigin::Run(RunId(run)),
        _ => return Err(StoreError::inconsistent("link", "run_id", id)),
    };
    Ok(Link {
        id: LinkId(id),
        workspace_id: WorkspaceId(workspace_id),
        organization_id: OrganizationId(organization_id),
        linked_at: linked_at.0,
        origin,
        linked_through: word(&through, "link", "linked_through", id)?,
        access_digest: digest(&access, "link", "access_digest", id)?,
        access_version: version,
        access_check: word(&check, "link", "access_check", id)?,
        policy: LinkPolicy { consent: word(&consent, "link", "consent", id)?, undo_window_seconds: undo, transfer },
        acknowledged: split(&acknowledged),
        ended_at: ended_at.map(|t| t.0),
    })
}

/// Keeps a new link; false when the workspace has an active one.
pub async fn create(tx: &mut Tx, link: &Link) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("link/create"),
        link.id.0,
        link.workspace_id.0,
        link.organization_id.0,
        Time(link.linked_at),
        link.origin.account().map(|a| a.0),
        link.linked_through.as_str(),
        link.origin.plan().as_ref().map(|plan| plan.as_bytes().as_slice()),
        link.access_digest.as_bytes().as_slice(),
        link.access_version,
        link.policy.consent.as_str(),
        link.policy.undo_window_seconds,
        joined(link.acknowledged.iter().map(String::as_str)),
        link.origin.run().map(|run| run.0),
        link.policy.transfer,
    )?;
    Ok(written == 1)
}

/// Keeps many new links of workspaces that have none.
pub async fn create_all(tx: &mut Tx, links: &[Link]) -> Result<(), StoreError> {
    let rows: Vec<(&Link, Option<Digest>)> = links.iter().map(|link| (link, link.origin.plan())).collect();
    insert_all!(
        tx,
        "link (id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version, access_check, consent, undo_window_seconds, acknowledged, run_id, transferable)",
        rows,
        |b, row| {
            b.push_bind(row.0.id.0)
                .push_bind(row.0.workspace_id.0)
                .push_bind(row.0.organization_id.0)
                .push_bind(Time(row.0.linked_at))
                .push_bind(row.0.origin.account().map(|a| a.0))
                .push_bind(row.0.linked_through.as_str())
                .push_bind(row.1.as_ref().map(|plan| plan.as_bytes().as_slice()))
                .push_bind(row.0.access_digest.as_bytes().as_slice())
                .push_bind(row.0.access_version)
                .push_bind(row.0.access_check.as_str())
                .push_bind(row.0.policy.consent.as_str())
                .push_bind(row.0.policy.undo_window_seconds)
                .push_bind(joined(row.0.acknowledged.iter().map(String::as_str)))
                .push_bind(row.0.origin.run().map(|run| run.0))
                .push_bind(row.0.policy.transfer);
        }
    );
    Ok(())
}

/// How many links wait for their access to be compared, and since when the oldest does.
pub async fn count_unchecked(tx: &mut Tx) -> Result<(i64, Option<Timestamp>), StoreError> {
    let (count, oldest) = fetch_one!(tx, sql!("link/count_unchecked"), (i64, Option<Time>))?;
    Ok((count, oldest.map(|t| t.0)))
}

/// Ends an active link.
pub async fn end(tx: &mut Tx, id: LinkId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("link/end"), id.0, Time(at))?;
    Ok(())
}

/// By id. The caller asks afterwards whether the actor may see one of its two sides.
pub async fn find(tx: &mut Tx, id: LinkId) -> Result<Option<Link>, StoreError> {
    fetch_optional!(tx, sql!("link/find"), LinkRow, id.0)?.map(from_row).transpose()
}

/// The workspace's link, if it is linked.
pub async fn find_active(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Link>, StoreError> {
    fetch_optional!(tx, sql!("link/find_active"), LinkRow, workspace.0)?.map(from_row).transpose()
}

/// The workspace's newest link, ended or not.
pub async fn find_newest(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Link>, StoreError> {
    fetch_optional!(tx, sql!("link/find_newest"), LinkRow, workspace.0)?.map(from_row).transpose()
}

/// The active links of these workspaces: (workspace, organization, since).
pub async fn list_active_of(
    tx: &mut Tx,
    ids: &[WorkspaceId],
) -> Result<Vec<(WorkspaceId, OrganizationId, Timestamp)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid, Time),
        "SELECT workspace_id, organization_id, linked_at FROM link WHERE ended_at IS NULL AND workspace_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(w, o, at)| (WorkspaceId(w), OrganizationId(o), at.0)).collect())
}

/// A workspace in an organization's list of apps.
#[derive(Debug, Clone)]
pub struct LinkedWorkspace {
    pub workspace: Workspace,
    pub linked_at: Timestamp,
    /// The name of whoever linked it, or of the campaign that did.
    pub linked_by: String,
}

/// The workspaces linked to an organization, after a folded slug.
pub async fn list_of_organization(
    tx: &mut Tx,
    id: OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<LinkedWorkspace>, StoreError> {
    type Row = (Uuid, String, String, String, String, String, String, String, bool, bool, i64, Time, Time, String);
    fetch_all!(tx, sql!("link/list_of_organization"), Row, id.0, after, limit)?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h, i, j, k, l, linked_at, linked_by)| {
            Ok(LinkedWorkspace {
                workspace: workspace::from_row((a, b, c, d, e, f, g, h, i, j, k, l))?,
                linked_at: linked_at.0,
                linked_by,
            })
        })
        .collect()
}

/// Links whose access was not compared yet, after an id.
pub async fn list_unchecked(tx: &mut Tx, after: LinkId, limit: i64) -> Result<Vec<Link>, StoreError> {
    fetch_all!(tx, sql!("link/list_unchecked"), LinkRow, limit, after.0)?.into_iter().map(from_row).collect()
}

/// How many active links have access that differs though nobody changed it.
pub async fn count_differing(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("link/count_differing"), (i64,))?.0)
}

/// Records the comparison; false when somebody else did.
pub async fn change_check(tx: &mut Tx, id: LinkId, check: AccessCheck) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("link/change_check"), id.0, check.as_str())? == 1)
}
