//! Applies decisions in batches: a handful of statements for a thousand workspaces, in one transaction. What a decision leads to
//! is the campaign's purpose: links ([`prepare`], [`write`]), or the migration of billing ([`migrate`]) or of users ([`users`]); all else is
//! the same.
//!
//! Everything is read beforehand; the short write then takes the run (one batch at a time, whoever does it), looks whether
//! anything that was read has changed, and writes the links with their events. What has changed since it was decided is decided
//! again, and that is recorded. Whoever was faster by hand is left as they are.

mod migrate;
mod organizations;
mod prepare;
mod users;
mod write;

use std::collections::HashMap;

use orglink_domain::campaign::{Campaign, CampaignState, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_store::campaign::{self, KnownOrganization, Run};
use orglink_store::{Tx, fault, in_write, installation};

use self::migrate::Migrating;
use self::prepare::{Prepared, known};
use self::users::MovingUsers;
use self::write::write;
use crate::{App, Error};

/// Workspaces linked, or migrated, together.
const BATCH: i64 = 1000;
/// The same of a migration of users: each comes with all its people, who are read twice.
const USERS_BATCH: i64 = 250;

/// What a batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::campaign) enum Batch {
    /// It linked or settled some.
    Done,
    /// Nothing waits any more.
    Empty,
    /// The next wave begins then.
    Until(Timestamp),
    /// The operator has stopped all linking.
    Frozen,
}

/// Applies the next batch of the wave that is due.
pub(in crate::campaign) async fn apply_batch(app: &App, of: &Campaign, run: &Run) -> Result<Batch, Error> {
    let limit = if run.definition.purpose == Purpose::Users { USERS_BATCH } else { BATCH };
    match apply_some(app, of, run, limit).await {
        // Something of it cannot be applied: one after the other, to find out which.
        Err(e) if is_of_a_row(&e) => apply_one_by_one(app, of, run).await,
        done => done,
    }
}

/// What lies in the data of one workspace, and would fail again.
fn is_of_a_row(e: &Error) -> bool {
    matches!(e, Error::Store(orglink_store::StoreError::Inconsistent { .. }) | Error::Refused(_) | Error::BadInput(_))
}

async fn apply_one_by_one(app: &App, of: &Campaign, run: &Run) -> Result<Batch, Error> {
    for _ in 0..BATCH {
        let mut tx = app.db.begin_read().await?;
        let Some(run) = campaign::find_run(&mut tx, run.id).await? else { return Err(Error::Stale) };
        drop(tx);
        let e = match apply_some(app, of, &run, 1).await {
            Ok(Batch::Done) => continue,
            Ok(other) => return Ok(other),
            Err(e) if is_of_a_row(&e) => e,
            Err(e) => return Err(e),
        };
        // What failed is kept as failed, with why, and the others go on.
        return fail_next(app, &run, &e).await;
    }
    Ok(Batch::Done)
}

/// The next decision could not be applied.
async fn fail_next(app: &App, run: &Run, why: &Error) -> Result<Batch, Error> {
    tracing::error!(error = %why, run = %run.id, "a workspace could not be linked by itself");
    in_write!(app.db, tx, {
        let Some(wave) = campaign::find_next_wave(tx, run.id).await? else { return Ok(Batch::Empty) };
        let Some(id) = campaign::find_next_waiting(tx, run.id, wave).await? else { return Ok(Batch::Done) };
        if !campaign::take_batch(tx, run, app.now()).await? {
            return Err(Error::Stale);
        }
        campaign::fail_decision(tx, run.id, id, &why.to_string()).await?;
        Ok(Batch::Done)
    })
}

async fn apply_some(app: &App, of: &Campaign, run: &Run, limit: i64) -> Result<Batch, Error> {
    let mut tx = app.db.begin_read().await?;
    if installation::find_freeze(&mut tx).await?.is_frozen {
        return Ok(Batch::Frozen);
    }
    let Some(wave) = campaign::find_next_wave(&mut tx, run.id).await? else { return Ok(Batch::Empty) };
    let at = app.now();
    let due = wave_due(run, wave, at);
    if due > at {
        return Ok(Batch::Until(due));
    }
    let waiting = campaign::list_waiting(&mut tx, run.id, wave, limit).await?;
    match run.definition.purpose {
        Purpose::Link => {
            let batch = &Prepared::read(app, &mut tx, of, run, waiting, at).await?;
            drop(tx);
            fault::point("campaign.read");
            in_write!(app.db, tx, { write(app, tx, of, run, batch, at).await })?;
        }
        Purpose::Billing => {
            let batch = &Migrating::read(app, &mut tx, of, run, waiting, at).await?;
            drop(tx);
            fault::point("campaign.read");
            in_write!(app.db, tx, { migrate::write(app, tx, of, run, batch, at).await })?;
        }
        Purpose::Users => {
            let batch = &MovingUsers::read(app, &mut tx, of, run, waiting, at).await?;
            drop(tx);
            fault::point("campaign.read");
            in_write!(app.db, tx, { users::write(app, tx, of, run, batch, at).await })?;
        }
    }
    fault::point("campaign.batch");
    app.feed.poke();
    Ok(Batch::Done)
}

/// Takes the run for one batch. `Stale` when another was done since it was read, or it is to stop.
async fn require_running(tx: &mut Tx, of: &Campaign, run: &Run, at: Timestamp) -> Result<(), Error> {
    if !campaign::take_batch(tx, run, at).await? {
        return Err(Error::Stale);
    }
    let is_running = campaign::find(tx, of.id).await?.is_some_and(|now| now.state == CampaignState::Linking);
    if !is_running || installation::find_freeze(tx).await?.is_frozen {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Nothing that a batch rests on has changed since it was read: workspaces at their versions, and organizations.
async fn require_unchanged(
    tx: &mut Tx,
    run: &Run,
    workspaces: &[(WorkspaceId, i64)],
    organizations: &HashMap<OrganizationId, KnownOrganization>,
) -> Result<(), Error> {
    let ids: Vec<WorkspaceId> = workspaces.iter().map(|(id, _)| *id).collect();
    let versions: HashMap<WorkspaceId, i64> = campaign::list_workspace_versions(tx, &ids).await?.into_iter().collect();
    let are_same = workspaces.iter().all(|(id, version)| versions.get(id) == Some(version));
    let ids: Vec<OrganizationId> = organizations.keys().copied().collect();
    let now = known(tx, run, &ids).await?;
    let same =
        |o: &KnownOrganization| now.get(&o.id).is_some_and(|n| n.version == o.version && n.is_deleted == o.is_deleted);
    if are_same && organizations.values().all(same) { Ok(()) } else { Err(Error::Stale) }
}

/// When a wave begins: the first at once, each other so long after the one before.
fn wave_due(run: &Run, wave: i64, now: Timestamp) -> Timestamp {
    let waves = &run.definition.waves;
    let began = run.began_at.unwrap_or(now);
    let first = i64::from(waves.canary_percent == 0);
    began.plus_seconds((wave - first).max(0).saturating_mul(waves.every.as_seconds()))
}
