//! Decides about everybody, over one snapshot, into the table of decisions.
//!
//! A run is an attempt until all is decided; only then it becomes the real one, of which a campaign has one. An attempt that
//! was killed is never continued (its snapshot is gone): another begins, and what is left of the first is forgotten.

use std::collections::{HashMap, HashSet};

use orglink_domain::campaign::automatic::{Fate, GroupKey};
use orglink_domain::campaign::{Campaign, Purpose, RunKind};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType};
use orglink_domain::id::{RunId, WorkspaceId};
use orglink_store::campaign::{self, Group, IdRange, KeyRange, Run};
use orglink_store::{IsRetryable as _, fault, in_write};
use serde_json::json;
use uuid::Uuid;

use super::append;
use super::facts::{Quotas, Rules};
use super::report::Counts;
use crate::{App, Error};

/// Workspaces decided about together.
const PAGE: i64 = 1000;
/// Decisions whose groups are settled together.
const SHARE: i64 = 4000;

/// Everything there is, by id.
pub(super) const ALL: IdRange = IdRange { after: WorkspaceId(Uuid::nil()), to: WorkspaceId(Uuid::max()) };

/// Decides; the run with what it counts. Nothing of it is the real one when another was faster (`Stale`).
pub(super) async fn decide_all(app: &App, of: &Campaign, mut run: Run) -> Result<Run, Error> {
    let definition = run.definition.clone();
    let calendar = super::tell::calendar_of(&definition)?;
    let rules = Rules::new(app, of, &definition, &calendar, (run.created_at, run.on_at));
    in_write!(app.db, tx, { campaign::create_run(tx, &run).await.map_err(Error::from) })?;
    fault::point("campaign.attempt");

    let mut snapshot = app.db.begin_read().await?;
    let mut quotas = Quotas::default();
    let (mut range, mut links) = (ALL, 0);
    let (mut telling, mut linking) = (0, 0);
    let mut organizations = HashSet::new();
    loop {
        let page = campaign::list_candidates(&mut snapshot, range, PAGE, rules.wanted).await?;
        let Some(last) = page.last() else { break };
        range.after = last.id;
        let fates: Vec<Fate> = page.iter().map(|c| rules.fate(c)).collect();
        quotas.look(&mut snapshot, &fates, run.on_at).await?;
        let decided: Vec<_> = page.iter().zip(fates).map(|(c, fate)| rules.decided(c, quotas.take(fate))).collect();
        links += i64::try_from(decided.iter().filter(|d| matches!(d.fate, Fate::Goes(_))).count()).unwrap_or(0);
        for (c, d) in page.iter().zip(&decided) {
            let people = i64::try_from(c.people().len()).unwrap_or(0);
            telling += if rules.is_concerned(c) { people } else { 0 };
            // Of a migration of users, also the admins of each organization.
            let of_organization = c.users.as_ref().filter(|users| organizations.insert(users.organization));
            telling +=
                of_organization.map_or(0, |users| i64::try_from(users.sides.organization_admins.len()).unwrap_or(0));
            linking += if matches!(d.fate, Fate::Goes(_)) { people } else { 0 };
        }
        let (decided, this) = (&decided, &run);
        in_write!(app.db, tx, {
            take(app, tx, this).await?;
            campaign::create_decisions(tx, this.id, decided).await?;
            Ok::<(), Error>(())
        })?;
        run.batches += 1;
        fault::point("campaign.page");
    }
    drop(snapshot);
    if let Err(e) = campaign::refresh_statistics(&app.db).await {
        tracing::warn!(error = %e, "decided, but the database could not count the decisions");
    }
    let groups = if definition.purpose == Purpose::Link { links } else { 0 };
    for share in shares(groups) {
        settle_groups(app, &run, &share).await?;
        run.batches += 1;
    }
    fault::point("campaign.grouped");
    finish(app, of, run, quotas, (telling, linking)).await
}

async fn take(app: &App, tx: &mut orglink_store::Tx, run: &Run) -> Result<(), Error> {
    if campaign::take_batch(tx, run, app.now()).await? { Ok(()) } else { Err(Error::Stale) }
}

/// Which groups have several workspaces, and what their one organization is called: as the largest (ties: the smallest
/// slug).
async fn settle_groups(app: &App, run: &Run, share: &KeyRange) -> Result<(), Error> {
    in_write!(app.db, tx, {
        take(app, tx, run).await?;
        campaign::mark_shared(tx, run.id, share).await?;
        let mut groups: HashMap<GroupKey, (i64, Group)> = HashMap::new();
        for member in campaign::list_shared(tx, run.id, share).await? {
            let of_member = Group { key: member.key, name: member.name, slug: member.slug, workspaces: 1 };
            match groups.get_mut(&member.key) {
                None => {
                    groups.insert(member.key, (member.members, of_member));
                }
                Some((largest, group)) => {
                    let workspaces = group.workspaces + 1;
                    let is_larger = member.members > *largest;
                    if is_larger || (member.members == *largest && of_member.slug < group.slug) {
                        *largest = member.members;
                        *group = of_member;
                    }
                    group.workspaces = workspaces;
                }
            }
        }
        let groups: Vec<Group> = groups.into_values().map(|(_, group)| group).collect();
        campaign::create_groups(tx, run.id, &groups).await?;
        Ok(())
    })
}

/// All group keys in shares of about [`SHARE`] decisions: they are digests, and lie evenly.
fn shares(links: i64) -> impl Iterator<Item = KeyRange> {
    let count = u32::try_from(links / SHARE + 1).unwrap_or(u32::MAX).min(1 << 16);
    let bound = move |n: u32| -> [u8; 32] {
        if n == count {
            return [0xff; 32];
        }
        let mut key = [0; 32];
        let start = u64::from(n) * (1 << 32) / u64::from(count);
        for (byte, value) in key.iter_mut().zip(start.to_be_bytes().into_iter().skip(4)) {
            *byte = value;
        }
        key
    };
    (0..count).map(move |n| (bound(n), bound(n + 1)))
}

/// All is decided: a rehearsal is complete, an attempt becomes the real run.
async fn finish(
    app: &App,
    of: &Campaign,
    run: Run,
    quotas: Quotas,
    (messages_a_telling, messages_of_linking): (i64, i64),
) -> Result<Run, Error> {
    let versions = quotas.versions();
    let (mut run, versions) = (run, &versions);
    let mut tx = app.db.begin_read().await?;
    let counts = Counts { messages_a_telling, messages_of_linking, ..Counts::read(&mut tx, run.id).await? };
    drop(tx);
    let text = serde_json::to_string(&counts).map_err(|e| Error::broken(&e.to_string()))?;
    let at = app.now();
    run = Run { decided_at: Some(at), touched_at: at, counts: Some(text), ..run };
    if run.kind == RunKind::Attempt {
        run.kind = RunKind::Real;
    }
    let this = &run;
    in_write!(app.db, tx, {
        if this.kind == RunKind::Real {
            if campaign::find_real_run(tx, of.id).await?.is_some() {
                return Err(Error::Stale);
            }
            campaign::create_run_organizations(tx, this.id, versions).await?;
            let numbers =
                json!({ "to_link": counts.to_link().to_string(), "workspaces": counts.workspaces.to_string() });
            let payload = json!({ "run": this.id, "counts": numbers });
            append(app, tx, Actor::SYSTEM, of, EventType::CampaignDecided, payload, at).await?;
        }
        if !campaign::change_run(tx, this).await? {
            return Err(Error::Stale);
        }
        Ok(())
    })?;
    run.batches += 1;
    fault::point("campaign.decided");
    Ok(run)
}

/// A run about to be decided.
pub(super) fn new_run(app: &App, of: &Campaign, kind: RunKind, at: Timestamp, on_at: Timestamp) -> Run {
    Run {
        id: RunId(app.new_id(at)),
        campaign_id: of.id,
        kind,
        on_at,
        definition: of.definition.clone(),
        created_at: at,
        touched_at: at,
        decided_at: None,
        began_at: None,
        ended_at: None,
        batches: 0,
        counts: None,
    }
}

/// Whether an error only means that somebody else was faster.
pub(super) fn is_stale(e: &Error) -> bool {
    matches!(e, Error::Stale) || e.is_retryable()
}
