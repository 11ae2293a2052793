//! Plans that were shown to somebody or applied: immutable, named by their digest.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::plan::Summary;
use serde_json::Value;
use uuid::Uuid;

use crate::row::{Time, digest};
use crate::{StoreError, Tx};

/// A plan as it is kept.
#[derive(Debug, Clone)]
pub struct StoredPlan {
    pub digest: Digest,
    pub workspace_id: WorkspaceId,
    pub organization_id: OrganizationId,
    pub document: Value,
    pub summary: Summary,
    /// The workspace's version it was made of: changes after it are listed when it is applied.
    pub workspace_version: i64,
    pub created_at: Timestamp,
    pub valid_until: Timestamp,
}

/// Keeps a plan that is being shown. Shown again while it is valid, it is valid for longer, but what has changed
/// since it was first shown is still listed when it is applied.
pub async fn create(tx: &mut Tx, plan: &StoredPlan) -> Result<(), StoreError> {
    save(tx, plan, sql!("plan/create")).await
}

/// Keeps a plan that is being applied without having been shown before.
pub async fn create_if_missing(tx: &mut Tx, plan: &StoredPlan) -> Result<(), StoreError> {
    save(tx, plan, sql!("plan/create_if_missing")).await
}

async fn save(tx: &mut Tx, plan: &StoredPlan, statement: &'static str) -> Result<(), StoreError> {
    let bad = || StoreError::inconsistent("link_plan", "document", plan.digest);
    let document = orglink_domain::digest::canonical_json(&plan.document).map_err(|_| bad())?;
    let summary = serde_json::to_string(&plan.summary).map_err(|_| bad())?;
    execute!(
        tx,
        statement,
        plan.digest.as_bytes().as_slice(),
        plan.workspace_id.0,
        plan.organization_id.0,
        document.as_slice(),
        summary.as_str(),
        plan.workspace_version,
        Time(plan.created_at),
        Time(plan.valid_until),
    )?;
    Ok(())
}

pub async fn find(tx: &mut Tx, wanted: &Digest) -> Result<Option<StoredPlan>, StoreError> {
    type Row = (Vec<u8>, Uuid, Uuid, Vec<u8>, String, i64, Time, Time);
    let row = fetch_optional!(tx, sql!("plan/find"), Row, wanted.as_bytes().as_slice())?;
    let Some((kept, workspace, organization, document, summary, workspace_version, created_at, valid_until)) = row
    else {
        return Ok(None);
    };
    let bad = |column| StoreError::inconsistent("link_plan", column, wanted);
    Ok(Some(StoredPlan {
        digest: digest(&kept, "link_plan", "digest", wanted)?,
        workspace_id: WorkspaceId(workspace),
        organization_id: OrganizationId(organization),
        document: serde_json::from_slice(&document).map_err(|_| bad("document"))?,
        summary: serde_json::from_str(&summary).map_err(|_| bad("summary"))?,
        workspace_version,
        created_at: created_at.0,
        valid_until: valid_until.0,
    }))
}
