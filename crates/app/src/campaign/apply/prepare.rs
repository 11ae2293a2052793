//! Reads everything that a batch rests on, and decides again what is no longer as it was.

use std::collections::{HashMap, HashSet};

use orglink_domain::campaign::Campaign;
use orglink_domain::campaign::automatic::{Decision, Fate, GroupKey, LeftAlone, Rule, Target, lone_key};
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_store::campaign::{self, Decided, Group, IdRange, KnownOrganization, Run, Settled, Waiting};
use orglink_store::{Tx, access, organization};

use crate::campaign::facts::Rules;
use crate::campaign::tell::calendar_of;
use crate::{App, Error};

/// One workspace of a batch, as it is to be written.
pub(super) struct Row {
    pub waiting: Waiting,
    pub decided: Decided,
    pub access: Digest,
    /// The admins who can act, of a new organization.
    pub admins: Vec<AccountId>,
}

/// A batch with everything that was read for it.
pub(super) struct Prepared {
    pub rows: Vec<Row>,
    /// Settled without being linked: by hand in the meantime, or no longer to be linked.
    pub settled: Vec<Settled>,
    pub organizations: HashMap<OrganizationId, KnownOrganization>,
    pub made: HashMap<GroupKey, OrganizationId>,
    pub groups: HashMap<GroupKey, Group>,
}

impl Prepared {
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
        let named: HashSet<OrganizationId> = waiting.iter().filter_map(|w| organization_of(&w.decided.fate)).collect();
        let named: Vec<OrganizationId> = named.into_iter().collect();
        let mut organizations = known(tx, run, &named).await?;
        let (mut rows, mut settled) = (Vec::new(), Vec::new());
        for w in waiting {
            let is_as_decided = matches!(w.decided.fate, Fate::Goes(_))
                && w.version == w.decided.workspace_version
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
        respect_quotas(tx, at, &organizations, &mut rows, &mut settled).await?;
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
        let made_ids: Vec<OrganizationId> = made.values().copied().collect();
        organizations.extend(known(tx, run, &made_ids).await?);
        let named = campaign::find_groups(tx, run.id, &keys).await?;
        let groups = named.into_iter().map(|group| (group.key, group)).collect();
        read_admins(tx, &mut rows).await?;
        keep_apart(tx, &made, &mut rows).await?;
        Ok(Self { rows, settled, organizations, made, groups })
    }
}

/// The admins who can act, of those whose organization is made for them.
async fn read_admins(tx: &mut Tx, rows: &mut [Row]) -> Result<(), Error> {
    let ids: Vec<WorkspaceId> =
        rows.iter().filter(|row| group_of(&row.decided.fate).is_some()).map(|row| row.decided.workspace_id).collect();
    let mut admins: HashMap<WorkspaceId, Vec<AccountId>> = HashMap::new();
    for (workspace, account) in campaign::list_active_admins(tx, &ids).await? {
        admins.entry(workspace).or_default().push(account);
    }
    for row in rows {
        row.admins = admins.remove(&row.decided.workspace_id).unwrap_or_default();
    }
    Ok(())
}

/// Whoever comes late (they had more time) to an organization that has other admins by now gets one of their own: nobody
/// gains anything by it who is not an admin of the workspace.
async fn keep_apart(tx: &mut Tx, made: &HashMap<GroupKey, OrganizationId>, rows: &mut [Row]) -> Result<(), Error> {
    let ids: Vec<OrganizationId> = made.values().copied().collect();
    let mut admins: HashMap<OrganizationId, HashSet<AccountId>> = HashMap::new();
    for (organization, account) in campaign::list_organization_admins(tx, &ids).await? {
        admins.entry(organization).or_default().insert(account);
    }
    for row in rows {
        let Fate::Goes(decision) = &mut row.decided.fate else { continue };
        let Target::Group(key) = decision.target else { continue };
        let Some(theirs) = made.get(&key).map(|id| admins.get(id).cloned().unwrap_or_default()) else { continue };
        if !row.admins.iter().copied().collect::<HashSet<_>>().eq(&theirs) {
            decision.rule = Rule::Own;
            decision.target = Target::Group(lone_key(&key, row.decided.workspace_id));
            row.decided.outcome = Some("decided_again".to_owned());
        } else if decision.rule == Rule::Own {
            // It had more time and was decided about alone; the others of its group are there already.
            decision.rule = Rule::SharedAdmins;
        }
    }
    Ok(())
}

pub(super) async fn known(
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
        Fate::Goes(_) => Now::Links(Decided {
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
        (Fate::Goes(a), Fate::Goes(b)) if a.target == b.target && a.rule == Rule::SharedAdmins => {
            Fate::Goes(Decision { rule: a.rule, ..b })
        }
        _ => now,
    }
}

/// What no longer fits into its organization is left alone.
async fn respect_quotas(
    tx: &mut Tx,
    now: Timestamp,
    organizations: &HashMap<OrganizationId, KnownOrganization>,
    rows: &mut Vec<Row>,
    settled: &mut Vec<Settled>,
) -> Result<(), Error> {
    let mut left: HashMap<OrganizationId, i64> = HashMap::new();
    for (id, quota) in organizations.values().filter_map(|o| Some((o.id, o.link_quota?))) {
        left.insert(id, quota - organization::count_taken_places(tx, id, None, now).await?);
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

pub(super) const fn organization_of(fate: &Fate) -> Option<OrganizationId> {
    match fate {
        Fate::Goes(Decision { target: Target::Organization(id), .. }) => Some(*id),
        _ => None,
    }
}

pub(super) const fn group_of(fate: &Fate) -> Option<GroupKey> {
    match fate {
        Fate::Goes(Decision { target: Target::Group(key), .. }) => Some(*key),
        _ => None,
    }
}
