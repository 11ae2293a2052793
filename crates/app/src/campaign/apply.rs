//! Applies decisions in batches: a handful of statements for a thousand workspaces, in one transaction.
//!
//! Everything is read beforehand; the short write then takes the run (one batch at a time, whoever does it), looks whether
//! anything that was read has changed, and writes the links with their events. What has changed since it was decided is decided
//! again, and that is recorded. Whoever was faster by hand is left as they are.

use std::collections::{HashMap, HashSet};

use orglink_domain::campaign::automatic::{Decision, Fate, GroupKey, LeftAlone, Rule, Target};
use orglink_domain::campaign::{Campaign, CampaignState};
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::{AccountId, LinkId, OrganizationId, WorkspaceId};
use orglink_domain::link::{AccessCheck, Consent, Link, LinkOrigin, LinkPolicy};
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_store::campaign::{self, Decided, Group, IdRange, KnownOrganization, Run, Settled, Waiting};
use orglink_store::import::{OrganizationState, create_organizations, raise_versions};
use orglink_store::{Tx, access, event, fault, in_write, installation, link, organization};
use serde_json::json;

use super::facts::Rules;
use super::tell::calendar_of;
use crate::{App, Error};

/// Workspaces linked together.
const BATCH: i64 = 1000;

/// What a batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Batch {
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
pub(super) async fn apply_batch(app: &App, of: &Campaign, run: &Run) -> Result<Batch, Error> {
    match apply_some(app, of, run, BATCH).await {
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
    let prepared = Prepared::read(app, &mut tx, of, run, waiting, at).await?;
    drop(tx);
    fault::point("campaign.read");
    let prepared = &prepared;
    in_write!(app.db, tx, { write(app, tx, of, run, prepared, at).await })?;
    fault::point("campaign.batch");
    app.feed.poke();
    Ok(Batch::Done)
}

/// When a wave begins: the first at once, each other so long after the one before.
fn wave_due(run: &Run, wave: i64, now: Timestamp) -> Timestamp {
    let waves = &run.definition.waves;
    let began = run.began_at.unwrap_or(now);
    let first = i64::from(waves.canary_percent == 0);
    began.plus_seconds((wave - first).max(0).saturating_mul(waves.every.as_seconds()))
}

/// One workspace of a batch, as it is to be written.
struct Row {
    waiting: Waiting,
    decided: Decided,
    access: Digest,
    /// The admins who can act, of a new organization.
    admins: Vec<AccountId>,
}

/// A batch with everything that was read for it.
struct Prepared {
    rows: Vec<Row>,
    /// Settled without being linked: by hand in the meantime, or no longer to be linked.
    settled: Vec<Settled>,
    organizations: HashMap<OrganizationId, KnownOrganization>,
    made: HashMap<GroupKey, OrganizationId>,
    groups: HashMap<GroupKey, Group>,
}

impl Prepared {
    async fn read(
        app: &App,
        tx: &mut Tx,
        of: &Campaign,
        run: &Run,
        waiting: Vec<Waiting>,
        at: Timestamp,
    ) -> Result<Self, Error> {
        let calendar = calendar_of(&run.definition)?;
        let rules = Rules::new(app, of, &run.definition, &calendar, (at, at));
        let named: HashSet<OrganizationId> = waiting.iter().filter_map(|w| organization_of(&w.decided.fate)).collect();
        let named: Vec<OrganizationId> = named.into_iter().collect();
        let mut organizations = known(tx, run, &named).await?;
        let (mut rows, mut settled) = (Vec::new(), Vec::new());
        for w in waiting {
            let is_as_decided = w.version == w.decided.workspace_version
                && !w.is_deleted
                && organization_of(&w.decided.fate).is_none_or(|id| {
                    organizations.get(&id).is_some_and(|o| !o.is_deleted && o.known_version == Some(o.version))
                });
            let now = if is_as_decided { Now::Links(w.decided.clone()) } else { again(tx, &rules, &w).await? };
            match now {
                Now::Links(decided) => {
                    rows.push(Row { decided, access: Digest::from_bytes([0; 32]), admins: vec![], waiting: w });
                }
                Now::Settled(now) => settled.push(now),
            }
        }
        let unknown: Vec<OrganizationId> = rows
            .iter()
            .filter_map(|row| organization_of(&row.decided.fate))
            .filter(|id| !organizations.contains_key(id))
            .collect();
        organizations.extend(known(tx, run, &unknown).await?);
        respect_quotas(tx, &organizations, &mut rows, &mut settled).await?;
        let salted: Vec<(WorkspaceId, [u8; 32])> =
            rows.iter().map(|row| (row.decided.workspace_id, row.waiting.access_salt)).collect();
        let digests = access::compute_digests(tx, &salted).await?;
        for row in &mut rows {
            let digest = digests.get(&row.decided.workspace_id).copied();
            row.access = digest.ok_or_else(|| Error::broken("a workspace has no access digest"))?;
        }
        let keys: Vec<GroupKey> = rows.iter().filter_map(|row| group_of(&row.decided.fate)).collect();
        let made: HashMap<GroupKey, OrganizationId> =
            campaign::find_made(tx, run.id, &keys).await?.into_iter().collect();
        let named = campaign::find_groups(tx, run.id, &keys).await?;
        let groups = named.into_iter().map(|group| (group.key, group)).collect();
        let new: Vec<WorkspaceId> = rows
            .iter()
            .filter(|row| group_of(&row.decided.fate).is_some_and(|key| !made.contains_key(&key)))
            .map(|row| row.decided.workspace_id)
            .collect();
        let mut admins: HashMap<WorkspaceId, Vec<AccountId>> = HashMap::new();
        for (workspace, account) in campaign::list_active_admins(tx, &new).await? {
            admins.entry(workspace).or_default().push(account);
        }
        for row in &mut rows {
            row.admins = admins.remove(&row.decided.workspace_id).unwrap_or_default();
        }
        Ok(Self { rows, settled, organizations, made, groups })
    }
}

async fn known(
    tx: &mut Tx,
    run: &Run,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, KnownOrganization>, Error> {
    let found = campaign::find_organizations(tx, run.id, ids).await?;
    Ok(found.into_iter().map(|o| (o.id, o)).collect())
}

/// Something about it has changed since it was decided: it is decided again, as it is now.
async fn again(tx: &mut Tx, rules: &Rules<'_>, w: &Waiting) -> Result<Now, Error> {
    let before = &w.decided;
    let settled = |outcome: &'static str| {
        Now::Settled(Settled { workspace_id: before.workspace_id, workspace_version: w.version, outcome })
    };
    if w.is_deleted {
        return Ok(settled("deleted"));
    }
    let found = campaign::list_candidates(tx, IdRange::only(before.workspace_id), 1, rules.wanted).await?;
    let Some(candidate) = found.first() else { return Ok(settled("linked_by_hand")) };
    let fate = settle(before.fate, rules.fate(candidate));
    Ok(match fate {
        Fate::Stays(reason) => settled(reason.as_str()),
        Fate::Links(_) => Now::Links(Decided {
            workspace_version: candidate.version,
            fate,
            outcome: (fate != before.fate).then(|| "decided_again".to_owned()),
            ..before.clone()
        }),
    })
}

/// What is to be done with a decision as things are now.
enum Now {
    Links(Decided),
    Settled(Settled),
}

/// A workspace that shares its group stays in it when it is decided again with the same key.
fn settle(before: Fate, now: Fate) -> Fate {
    match (before, now) {
        (Fate::Links(a), Fate::Links(b)) if a.target == b.target && a.rule == Rule::SharedAdmins => {
            Fate::Links(Decision { rule: a.rule, ..b })
        }
        _ => now,
    }
}

/// What no longer fits into its organization is left alone.
async fn respect_quotas(
    tx: &mut Tx,
    organizations: &HashMap<OrganizationId, KnownOrganization>,
    rows: &mut Vec<Row>,
    settled: &mut Vec<Settled>,
) -> Result<(), Error> {
    let mut left: HashMap<OrganizationId, i64> = HashMap::new();
    for (id, quota) in organizations.values().filter_map(|o| Some((o.id, o.link_quota?))) {
        left.insert(id, quota - organization::count_links(tx, id).await?);
    }
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        let place = organization_of(&row.decided.fate).and_then(|id| left.get_mut(&id));
        match place {
            Some(left) if *left <= 0 => settled.push(Settled {
                workspace_id: row.decided.workspace_id,
                workspace_version: row.waiting.version,
                outcome: LeftAlone::OrganizationQuota.as_str(),
            }),
            Some(left) => {
                *left -= 1;
                kept.push(row);
            }
            None => kept.push(row),
        }
    }
    *rows = kept;
    Ok(())
}

const fn organization_of(fate: &Fate) -> Option<OrganizationId> {
    match fate {
        Fate::Links(Decision { target: Target::Organization(id), .. }) => Some(*id),
        _ => None,
    }
}

const fn group_of(fate: &Fate) -> Option<GroupKey> {
    match fate {
        Fate::Links(Decision { target: Target::Group(key), .. }) => Some(*key),
        _ => None,
    }
}

/// The short write. `Stale`, with nothing kept, when anything that was read has changed.
async fn write(app: &App, tx: &mut Tx, of: &Campaign, run: &Run, batch: &Prepared, at: Timestamp) -> Result<(), Error> {
    if !campaign::take_batch(tx, run, at).await? {
        return Err(Error::Stale);
    }
    let is_linking = campaign::find(tx, of.id).await?.is_some_and(|now| now.state == CampaignState::Linking);
    if !is_linking || installation::find_freeze(tx).await?.is_frozen {
        return Err(Error::Stale);
    }
    require_unchanged(tx, run, batch).await?;
    for settled in &batch.settled {
        campaign::settle_decision(tx, run.id, settled).await?;
    }
    let Some((first, last)) = batch.rows.first().zip(batch.rows.last()) else { return Ok(()) };
    let (wave, first, last) = (first.decided.wave, first.decided.workspace_id, last.decided.workspace_id);
    let made = make_organizations(app, tx, run, batch, at).await?;
    fault::point("campaign.organizations");

    let ids: Vec<WorkspaceId> = batch.rows.iter().map(|row| row.decided.workspace_id).collect();
    raise_versions(tx, &ids).await?;
    let policy = LinkPolicy {
        consent: Consent::OnePerson,
        undo_window_seconds: run.definition.automatic.undo_window.as_seconds(),
    };
    let (mut links, mut events) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    for row in &batch.rows {
        let (organization_id, slug) = match row.decided.fate {
            Fate::Links(Decision { target: Target::Organization(id), .. }) => {
                (id, batch.organizations.get(&id).map(|o| o.slug.as_str()))
            }
            Fate::Links(Decision { target: Target::Group(key), .. }) => match made.get(&key) {
                Some((id, slug)) => (*id, slug.as_deref()),
                None => return Err(Error::broken("a group has no organization")),
            },
            Fate::Stays(_) => continue,
        };
        let link = Link {
            id: LinkId(app.new_id(at)),
            workspace_id: row.decided.workspace_id,
            organization_id,
            linked_at: at,
            origin: LinkOrigin::Run(run.id),
            linked_through: Through::System,
            access_digest: row.access,
            access_version: row.waiting.version,
            access_check: AccessCheck::Pending,
            policy,
            acknowledged: Vec::new(),
            ended_at: None,
        };
        events.push((linked(of, &link, row, slug), Some(row.waiting.version + 1)));
        links.push(link);
        // Most are as they were decided; what was decided again is kept as it is now.
        if row.decided != row.waiting.decided {
            campaign::change_decision(tx, run.id, &row.decided).await?;
        }
    }
    link::create_all(tx, &links).await?;
    campaign::create_linked_reasons(tx, &ids, at).await?;
    campaign::mark_linked(tx, run.id, wave, first, last).await?;
    fault::point("campaign.linked");
    let existing: HashSet<OrganizationId> =
        batch.rows.iter().filter_map(|row| organization_of(&row.decided.fate)).collect();
    let mut touched: Vec<OrganizationId> = existing.into_iter().collect();
    let joined = batch.rows.iter().filter_map(|row| group_of(&row.decided.fate)).filter_map(|key| batch.made.get(&key));
    touched.extend(joined.copied().collect::<HashSet<_>>());
    touched.sort_unstable();
    campaign::raise_organizations(tx, run.id, &touched).await?;
    event::append_all(tx, app.origin(Actor::SYSTEM, at), &events).await?;
    fault::point("campaign.events");
    Ok(())
}

/// Nothing that the batch rests on has changed since it was read.
async fn require_unchanged(tx: &mut Tx, run: &Run, batch: &Prepared) -> Result<(), Error> {
    let ids: Vec<WorkspaceId> = batch.rows.iter().map(|row| row.decided.workspace_id).collect();
    let versions: HashMap<WorkspaceId, i64> = campaign::list_workspace_versions(tx, &ids).await?.into_iter().collect();
    let are_same = batch.rows.iter().all(|row| versions.get(&row.decided.workspace_id) == Some(&row.waiting.version));
    let ids: Vec<OrganizationId> = batch.organizations.keys().copied().collect();
    let now = known(tx, run, &ids).await?;
    let same =
        |o: &KnownOrganization| now.get(&o.id).is_some_and(|n| n.version == o.version && n.is_deleted == o.is_deleted);
    if are_same && batch.organizations.values().all(same) { Ok(()) } else { Err(Error::Stale) }
}

/// Makes the organizations of groups that have none yet; by group, with their slugs.
async fn make_organizations(
    app: &App,
    tx: &mut Tx,
    run: &Run,
    batch: &Prepared,
    at: Timestamp,
) -> Result<HashMap<GroupKey, (OrganizationId, Option<String>)>, Error> {
    let mut of: HashMap<GroupKey, (OrganizationId, Option<String>)> =
        batch.made.iter().map(|(key, id)| (*key, (*id, None))).collect();
    let mut new: Vec<(GroupKey, OrganizationState)> = Vec::new();
    for row in &batch.rows {
        let Some(key) = group_of(&row.decided.fate) else { continue };
        if of.contains_key(&key) {
            continue;
        }
        let (name, slug) = match batch.groups.get(&key) {
            Some(group) => (group.name.clone(), group.slug.clone()),
            None => (row.waiting.name.clone(), row.waiting.slug.clone()),
        };
        let id = OrganizationId(app.new_id(at));
        of.insert(key, (id, None));
        let organization = Organization {
            id,
            slug,
            name,
            user_management: UserManagement::Centralized,
            link_quota: None,
            identity_provider: None,
            version: 1,
            created_at: at,
        };
        new.push((key, OrganizationState { organization, admins: row.admins.clone(), domains: vec![] }));
    }
    choose_slugs(tx, &mut new).await?;
    let mut events = Vec::with_capacity(new.len());
    for (key, state) in &new {
        let o = &state.organization;
        of.insert(*key, (o.id, Some(o.slug.clone())));
        let payload = json!({ "by": "campaign", "slug": o.slug, "name": o.name, "admins": state.admins });
        let kind = EventType::OrganizationCreated;
        events.push((NewEvent { kind, organization_id: Some(o.id), workspace_id: None, payload }, None));
    }
    let (keys, states): (Vec<_>, Vec<_>) = new.into_iter().map(|(key, s)| ((key, s.organization.id), s)).unzip();
    create_organizations(tx, &states).await?;
    campaign::create_organizations(tx, run.id, &keys).await?;
    event::append_all(tx, app.origin(Actor::SYSTEM, at), &events).await?;
    Ok(of)
}

/// Gives every new organization a slug that nobody has: its own, or with a number behind it.
async fn choose_slugs(tx: &mut Tx, new: &mut [(GroupKey, OrganizationState)]) -> Result<(), Error> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut open: Vec<usize> = (0..new.len()).collect();
    let bases: Vec<String> = new.iter().map(|(_, s)| s.organization.slug.chars().take(90).collect()).collect();
    for number in 1_u32.. {
        let named = |place: usize| -> Option<String> {
            let base = bases.get(place)?;
            Some(if number == 1 { base.clone() } else { format!("{base}-{number}") })
        };
        let wanted: Vec<String> = open.iter().filter_map(|place| named(*place)).map(|slug| fold(&slug)).collect();
        taken.extend(campaign::find_taken_slugs(tx, &wanted).await?);
        let mut again = Vec::new();
        for place in open {
            let Some(slug) = named(place) else { continue };
            if taken.insert(fold(&slug)) {
                if let Some((_, state)) = new.get_mut(place) {
                    state.organization.slug = slug;
                }
            } else {
                again.push(place);
            }
        }
        open = again;
        if open.is_empty() {
            break;
        }
    }
    Ok(())
}

fn linked(of: &Campaign, link: &Link, row: &Row, organization_slug: Option<&str>) -> NewEvent {
    let rule = match row.decided.fate {
        Fate::Links(decision) => Some(decision.rule),
        Fate::Stays(_) => None,
    };
    NewEvent {
        kind: EventType::WorkspaceLinked,
        organization_id: Some(link.organization_id),
        workspace_id: Some(link.workspace_id),
        payload: json!({
            "link": link.id,
            "workspace": { "id": link.workspace_id, "slug": row.waiting.slug },
            "organization": { "id": link.organization_id, "slug": organization_slug },
            "campaign": { "id": of.id, "name": of.definition.name },
            "run": link.origin.run(),
            "rule": rule,
            "access_digest": link.access_digest,
            "access_version": link.access_version.to_string(),
        }),
    }
}
