//! Runs: one decision about everybody, a rehearsal or the real one.

use orglink_domain::campaign::{Definition, RunKind};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{CampaignId, OrganizationId, RunId};
use uuid::Uuid;

use super::{definition_of, definition_text};
use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// A run as it stands.
#[derive(Debug, Clone)]
pub struct Run {
    pub id: RunId,
    pub campaign_id: CampaignId,
    pub kind: RunKind,
    /// The moment that it is about.
    pub on_at: Timestamp,
    /// What was decided when it began: it goes by that to its end.
    pub definition: Definition,
    pub created_at: Timestamp,
    /// When somebody last worked on it.
    pub touched_at: Timestamp,
    /// Since when all is decided.
    pub decided_at: Option<Timestamp>,
    /// When the first wave began.
    pub began_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Raised by every batch, so that one batch is done at a time.
    pub batches: i64,
    /// What was decided, counted, as JSON.
    pub counts: Option<String>,
}

type RunRow =
    (Uuid, Uuid, String, Time, String, Time, Time, Option<Time>, Option<Time>, Option<Time>, i64, Option<String>);

fn from_row(row: RunRow) -> Result<Run, StoreError> {
    let (
        id,
        campaign,
        kind,
        on_at,
        definition,
        created_at,
        touched_at,
        decided_at,
        began_at,
        ended_at,
        batches,
        counts,
    ) = row;
    Ok(Run {
        id: RunId(id),
        campaign_id: CampaignId(campaign),
        kind: word(&kind, "campaign_run", "kind", id)?,
        on_at: on_at.0,
        definition: definition_of(&definition, "campaign_run", id)?,
        created_at: created_at.0,
        touched_at: touched_at.0,
        decided_at: decided_at.map(|t| t.0),
        began_at: began_at.map(|t| t.0),
        ended_at: ended_at.map(|t| t.0),
        batches,
        counts,
    })
}

pub async fn create_run(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("campaign/create_run"),
        run.id.0,
        run.campaign_id.0,
        run.kind.as_str(),
        Time(run.on_at),
        definition_text(&run.definition)?,
        Time(run.created_at),
    )?;
    Ok(())
}

pub async fn find_run(tx: &mut Tx, id: RunId) -> Result<Option<Run>, StoreError> {
    fetch_optional!(tx, sql!("campaign/find_run"), RunRow, id.0)?.map(from_row).transpose()
}

/// The run that links, once the campaign has come so far.
pub async fn find_real_run(tx: &mut Tx, campaign: CampaignId) -> Result<Option<Run>, StoreError> {
    fetch_optional!(tx, sql!("campaign/find_real_run"), RunRow, campaign.0)?.map(from_row).transpose()
}

/// Rehearsals that were decided to the end, the newest first.
pub async fn list_rehearsals(tx: &mut Tx, campaign: CampaignId, limit: i64) -> Result<Vec<Run>, StoreError> {
    fetch_all!(tx, sql!("campaign/list_rehearsals"), RunRow, campaign.0, limit)?.into_iter().map(from_row).collect()
}

/// Keeps where a run stands; false when another batch was done since it was read.
pub async fn change_run(tx: &mut Tx, run: &Run) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("campaign/change_run"),
        run.id.0,
        run.batches,
        run.kind.as_str(),
        Time(run.touched_at),
        run.decided_at.map(Time),
        run.began_at.map(Time),
        run.ended_at.map(Time),
        run.counts.as_deref(),
    )?;
    Ok(written == 1)
}

/// Takes the run for one batch: false when another was done since it was read.
pub async fn take_batch(tx: &mut Tx, run: &Run, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("campaign/raise_batches"), run.id.0, run.batches, Time(at))? == 1)
}

/// Has PostgreSQL count the decisions there are now: a run's are all new, and planned for as none they are compared each
/// with each. SQLite plans by its indexes alone.
pub async fn refresh_statistics(db: &crate::Db) -> Result<(), StoreError> {
    if let crate::Db::Postgres(pool) = db {
        sqlx::query("ANALYZE campaign_decision").execute(pool).await?;
    }
    Ok(())
}

/// Takes away decisions, so many at a time; how many. What else there is of the run goes with the last.
pub async fn delete_decisions(tx: &mut Tx, id: RunId, limit: i64) -> Result<u64, StoreError> {
    let gone = execute!(tx, sql!("campaign/delete_decisions"), id.0, limit)?;
    if gone == 0 {
        execute!(tx, sql!("campaign/delete_groups"), id.0)?;
        execute!(tx, sql!("campaign/delete_run_organizations"), id.0)?;
    }
    Ok(gone)
}

/// The attempt to decide that somebody last worked on.
pub async fn find_newest_attempt(tx: &mut Tx, campaign: CampaignId) -> Result<Option<Run>, StoreError> {
    fetch_optional!(tx, sql!("campaign/find_newest_attempt"), RunRow, campaign.0)?.map(from_row).transpose()
}

/// What nobody works on any more (attempts and unfinished rehearsals untouched since one moment) and rehearsals nobody
/// needs (untouched since another).
pub async fn list_abandoned(tx: &mut Tx, idle: Timestamp, old: Timestamp) -> Result<Vec<Run>, StoreError> {
    fetch_all!(tx, sql!("campaign/list_abandoned"), RunRow, Time(idle), Time(old))?.into_iter().map(from_row).collect()
}

/// Takes away a rehearsal or an attempt that has no decisions any more.
pub async fn delete_run(tx: &mut Tx, id: RunId) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/delete_run"), id.0)?;
    Ok(())
}

/// The organizations that decisions name, at the versions that was decided at.
pub async fn create_run_organizations(
    tx: &mut Tx,
    id: RunId,
    versions: &[(OrganizationId, i64)],
) -> Result<(), StoreError> {
    insert_all!(tx, "campaign_run_organization (run_id, organization_id, version)", versions, |b, row| {
        b.push_bind(id.0).push_bind(row.0.0).push_bind(row.1);
    });
    Ok(())
}

/// The version that this run itself has left an organization at.
pub async fn save_run_organization(
    tx: &mut Tx,
    id: RunId,
    organization: OrganizationId,
    version: i64,
) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/save_run_organization"), id.0, organization.0, version)?;
    Ok(())
}
