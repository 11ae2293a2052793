//! A batch of a migration of users: each group becomes one of its own in the directory, with the proof and the event of each workspace.

use std::collections::{BTreeSet, HashMap};

use orglink_domain::campaign::Campaign;
use orglink_domain::campaign::automatic::{Decision, DecisionState, Fate, LeftAlone};
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Given;
use orglink_domain::event::Actor;
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::user_management::{UsersStanding, UsersTerms, UsersWarning};
use orglink_store::campaign::{self, Decided, IdRange, KnownOrganization, Run, Settled, Waiting};
use orglink_store::directory::MigratedBy;
use orglink_store::import::raise_versions;
use orglink_store::{Tx, event, fault, link};
use serde_json::{Value, json};

use super::{known, require_running, require_unchanged};
use crate::campaign::facts::{Rules, users_terms};
use crate::campaign::tell::calendar_of;
use crate::link::together;
use crate::user_management::{Apart, Move, access_would_change, explain, move_users, plan_apart};
use crate::{App, Error};

/// A batch with everything that was read for it.
pub(super) struct MovingUsers {
    rows: Vec<Row>,
    /// Settled without migrating, for a reason that came up since it was decided.
    settled: Vec<Settled>,
    organizations: HashMap<OrganizationId, KnownOrganization>,
}

struct Row {
    waiting: Waiting,
    standing: UsersStanding,
    decision: Decision,
    planned: Apart,
}

impl MovingUsers {
    /// Reads how each stands now, and decides again by that: who agreed, and whether they may still speak for their side, are no versions.
    pub async fn read(
        app: &App,
        tx: &mut Tx,
        of: &Campaign,
        run: &Run,
        waiting: Vec<Waiting>,
        at: Timestamp,
    ) -> Result<Self, Error> {
        let calendar = calendar_of(&run.definition)?;
        let rules = Rules::new(app, of, &run.definition, &calendar, (at, at));
        let ids: Vec<WorkspaceId> = waiting.iter().map(|w| w.decided.workspace_id).collect();
        let mut standing = campaign::find_users_standing(tx, of.id, &ids).await?;
        let (mut goes, mut settled) = (Vec::new(), Vec::new());
        for w in waiting {
            let id = w.decided.workspace_id;
            let fate = match standing.remove(&id).filter(|_| !w.is_deleted) {
                None if w.is_deleted => Err("deleted"),
                None if link::find_active(tx, id).await?.is_some() => Err("migrated_by_hand"),
                None => Err("not_linked"),
                Some(found) if is_as_decided(&w) => Ok((rules.migrates_users(&found), found)),
                Some(found) => {
                    let candidates = campaign::list_candidates(tx, IdRange::only(id), 1, rules.wanted).await?;
                    let fate = candidates.first().map(|candidate| rules.fate(candidate));
                    fate.map(|fate| (fate, found)).ok_or("not_linked")
                }
            };
            let outcome = match fate {
                Ok((Fate::Goes(decision), found)) => {
                    goes.push((w, decision, found));
                    continue;
                }
                Ok((Fate::Stays(reason), _)) => reason.as_str(),
                Err(outcome) => outcome,
            };
            settled.push(Settled { workspace_id: id, workspace_version: w.version, outcome });
        }
        let pairs: Vec<(WorkspaceId, &UsersStanding)> =
            goes.iter().map(|(w, _, standing)| (w.decided.workspace_id, standing)).collect();
        let planned = plan_apart(app, tx, &pairs).await?;
        let mut rows = Vec::with_capacity(goes.len());
        for ((waiting, decision, standing), planned) in goes.into_iter().zip(planned) {
            let id = waiting.decided.workspace_id;
            let blocker = planned.plan.blockers.first().copied();
            match blocker.map(|blocker| (LeftAlone::of_users(blocker), blocker)) {
                None => rows.push(Row { waiting, standing, decision, planned }),
                Some((Some(reason), _)) => settled.push(Settled {
                    workspace_id: id,
                    workspace_version: waiting.version,
                    outcome: reason.as_str(),
                }),
                Some((None, blocker)) => {
                    tracing::error!(%blocker, workspace = %id, "a plan that merges nothing is blocked");
                    return Err(access_would_change(&waiting.slug));
                }
            }
        }
        let named: BTreeSet<OrganizationId> = rows.iter().map(|row| row.standing.organization).collect();
        let organizations = known(tx, run, &named.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { rows, settled, organizations })
    }
}

/// The workspace is as it was when it was decided that it goes.
fn is_as_decided(w: &Waiting) -> bool {
    w.version == w.decided.workspace_version && matches!(w.decided.fate, Fate::Goes(_))
}

/// The short write. `Stale`, with nothing kept, when anything that was read has changed.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    of: &Campaign,
    run: &Run,
    batch: &MovingUsers,
    at: Timestamp,
) -> Result<(), Error> {
    require_running(tx, of, run, at).await?;
    let versions: Vec<(WorkspaceId, i64)> =
        batch.rows.iter().map(|row| (row.waiting.decided.workspace_id, row.waiting.version)).collect();
    require_unchanged(tx, run, &versions, &batch.organizations).await?;
    let ids: Vec<WorkspaceId> = versions.iter().map(|(id, _)| *id).collect();
    // Who may speak for a side is no version: somebody may have been suspended at this moment.
    let standing = campaign::find_users_standing(tx, of.id, &ids).await?;
    if batch.rows.iter().any(|row| standing.get(&row.waiting.decided.workspace_id) != Some(&row.standing)) {
        return Err(Error::Stale);
    }
    for settled in &batch.settled {
        campaign::settle_decision(tx, run.id, settled).await?;
    }
    let Some((first, last)) = batch.rows.first().zip(batch.rows.last()) else { return Ok(()) };
    let wave = first.waiting.decided.wave;
    let range = (first.waiting.decided.workspace_id, last.waiting.decided.workspace_id);
    raise_versions(tx, &ids).await?;
    let touched: Vec<OrganizationId> =
        batch.organizations.keys().copied().collect::<BTreeSet<_>>().into_iter().collect();
    campaign::raise_organizations(tx, run.id, &touched).await?;
    let moves: Vec<Move<'_>> = batch
        .rows
        .iter()
        .map(|row| Move { facts: &row.planned.facts, plan: &row.planned.plan, salt: row.waiting.access_salt })
        .collect();
    // Of each batch one workspace is also looked at person by person.
    let sample = (range.0, &first.planned.facts.here);
    let explained = explain(tx, sample.0, sample.1).await?;
    let moved = move_users(app, tx, &moves, MigratedBy::Run(run.id), at).await?;
    if explain(tx, sample.0, sample.1).await? != explained {
        return Err(access_would_change(&first.waiting.slug));
    }
    for row in &batch.rows {
        let (before, fate) = (&row.waiting.decided, Fate::Goes(row.decision));
        // Most are as they were decided; what was decided again (there was more time) is kept as it is now.
        if before.fate != fate {
            let (workspace_version, outcome) = (row.waiting.version, Some("decided_again".to_owned()));
            campaign::change_decision(tx, run.id, &Decided { workspace_version, fate, outcome, ..before.clone() })
                .await?;
        }
    }
    campaign::mark_done(tx, run.id, wave, range, DecisionState::Migrated).await?;
    let terms = users_terms(app, of, &run.definition);
    let mut events = Vec::with_capacity(moves.len());
    for ((row, one), done) in batch.rows.iter().zip(&moves).zip(&moved) {
        events.push((one.event(done, agreed(of, run, row, &terms)), Some(row.waiting.version + 1)));
    }
    event::append_all(tx, app.origin(Actor::SYSTEM, at), &events).await?;
    fault::point("campaign.events");
    Ok(())
}

/// Who agreed, to what: the event holds the whole decision, a receipt is made of it.
fn agreed(of: &Campaign, run: &Run, row: &Row, terms: &UsersTerms<'_>) -> Value {
    let consents: Vec<Given> = row.standing.counted(terms);
    let is_acknowledged = |warning: &&UsersWarning| {
        consents.iter().any(|given| given.acknowledged.iter().any(|code| code == warning.as_str()))
    };
    let acknowledged: Vec<&UsersWarning> = row.planned.plan.warnings.iter().filter(is_acknowledged).collect();
    let decision = row.decision;
    json!({
        "campaign": { "id": of.id, "name": of.definition.name },
        "run": run.id,
        "rule": decision.rule,
        "reason": Decision::sentence(decision.rule, decision.evidence, 0),
        "evidence": decision.evidence,
        "terms": terms.document(row.standing.organization),
        "acknowledged": acknowledged,
        "consents": together(&consents),
    })
}
