//! What becomes of a workspace, of everything that was read of it: cohort, notice, time asked for, then the rules.

use std::collections::{HashMap, HashSet};

use orglink_domain::campaign::automatic::{Fate, LeftAlone, Target, decide, group_key, wave_of};
use orglink_domain::campaign::{Calendar, Campaign, CampaignState, Definition, ExistingOrganization};
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::Blocks;
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_store::campaign::{Candidate, Decided, NO_WAVE, Wanted};
use orglink_store::{Tx, campaign, organization};

use crate::{App, Error};

/// Everything that decides besides the workspace itself.
pub(super) struct Rules<'a> {
    app: &'a App,
    definition: &'a Definition,
    /// The moment that is decided about.
    on_at: Timestamp,
    /// By when whoever was not told yet will have been; nobody will be in the real run.
    told_by: Option<Timestamp>,
    /// The workspaces that the cohort names, folded.
    named: HashSet<String>,
    created_before: Option<Timestamp>,
    pub(super) wanted: Wanted,
}

impl<'a> Rules<'a> {
    /// As things are at one moment, about the same or a later one.
    pub(super) fn new(
        app: &'a App,
        of: &'a Campaign,
        definition: &'a Definition,
        calendar: &Calendar,
        (now, on_at): (Timestamp, Timestamp),
    ) -> Self {
        let cohort = &definition.cohort;
        let told_by = match of.state {
            CampaignState::Draft | CampaignState::Announced => Some(calendar.announce_at.max(now)),
            CampaignState::Open => Some(calendar.next(now).map_or(now, |telling| telling.at)),
            _ => None,
        };
        Self {
            app,
            definition,
            on_at,
            told_by,
            named: cohort.workspaces.iter().map(|slug| fold(slug)).collect(),
            created_before: cohort.created_before.and_then(|day| day.starts_in(&calendar.zone)),
            wanted: Wanted {
                campaign: of.id,
                existing_at: of.announced_at.unwrap_or_else(|| calendar.announce_at.max(now)),
                organizations: definition.automatic.use_existing_organization == ExistingOrganization::Sole,
                labels: !cohort.labels.is_empty(),
                sizes: cohort.min_members.is_some() || cohort.max_members.is_some(),
            },
        }
    }

    /// Why it is none of the campaign's affair, or may not be linked by itself.
    fn blocked(&self, c: &Candidate) -> Option<LeftAlone> {
        let mut codes = c.reasons.clone();
        codes.sort_unstable();
        let rules = &self.app.catalog.eligibility;
        let blocking = codes.into_iter().find(|code| code.describe(rules).blocks != Blocks::UsersMigration);
        if let Some(reason) = blocking.and_then(LeftAlone::of) {
            return Some(reason);
        }
        (!self.is_in_cohort(c)).then_some(LeftAlone::NotInCohort)
    }

    fn is_in_cohort(&self, c: &Candidate) -> bool {
        let cohort = &self.definition.cohort;
        (cohort.plans.is_empty() || cohort.plans.contains(&c.plan))
            && (cohort.labels.is_empty() || cohort.labels.iter().any(|label| c.labels.contains(label)))
            && self.created_before.is_none_or(|day| c.since < day)
            && cohort.min_members.is_none_or(|min| c.members >= min)
            && cohort.max_members.is_none_or(|max| c.members <= max)
            && (self.named.is_empty() || self.named.contains(&fold(&c.slug)))
    }

    /// Whether its admins are to hear of the campaign.
    pub(super) fn is_concerned(&self, c: &Candidate) -> bool {
        self.blocked(c).is_none()
    }

    /// What becomes of it; quotas of organizations apart.
    pub(super) fn fate(&self, c: &Candidate) -> Fate {
        if let Some(reason) = self.blocked(c) {
            return Fate::Stays(reason);
        }
        if c.postponed_until.is_some_and(|until| until > self.on_at) {
            return Fate::Stays(LeftAlone::Postponed);
        }
        let notice = self.definition.automatic.minimum_notice.as_seconds();
        let told_at = c.told_at.or(self.told_by);
        if told_at.is_none_or(|told_at| told_at.plus_seconds(notice) > self.on_at) {
            return Fate::Stays(LeftAlone::NoticeNotGiven);
        }
        Fate::Links(decide(&c.facts, self.definition.automatic.use_existing_organization))
    }

    /// The fate as a row.
    pub(super) fn decided(&self, c: &Candidate, fate: Fate) -> Decided {
        use orglink_domain::campaign::automatic::DecisionState;
        let (wave, state) = match fate {
            Fate::Links(_) => {
                (i64::from(wave_of(&group_key(&c.facts), &self.definition.waves)), DecisionState::Decided)
            }
            Fate::Stays(_) => (NO_WAVE, DecisionState::LeftAlone),
        };
        Decided { wave, workspace_id: c.id, workspace_version: c.version, fate, state, outcome: None }
    }
}

/// How many workspaces organizations with a quota may still have, while decisions use it up.
#[derive(Default)]
pub(super) struct Quotas {
    /// Of those that have one.
    left: HashMap<OrganizationId, i64>,
    known: HashMap<OrganizationId, i64>,
}

impl Quotas {
    /// Looks at the organizations that these go to: their quotas, and the versions they are at.
    pub(super) async fn look(&mut self, tx: &mut Tx, fates: &[Fate], now: Timestamp) -> Result<(), Error> {
        let unknown: HashSet<OrganizationId> =
            fates.iter().filter_map(goes_to).filter(|id| !self.known.contains_key(id)).collect();
        let unknown: Vec<OrganizationId> = unknown.into_iter().collect();
        for found in campaign::list_versions(tx, &unknown).await? {
            self.known.insert(found.id, found.version);
            if let Some(quota) = found.link_quota {
                let used = organization::count_taken_places(tx, found.id, None, now).await?;
                self.left.insert(found.id, quota - used);
            }
        }
        Ok(())
    }

    /// The fate, unless its organization is full.
    pub(super) fn take(&mut self, fate: Fate) -> Fate {
        let Some(left) = goes_to(&fate).and_then(|id| self.left.get_mut(&id)) else { return fate };
        if *left <= 0 {
            return Fate::Stays(LeftAlone::OrganizationQuota);
        }
        *left -= 1;
        fate
    }

    /// The versions that decisions were made at.
    pub(super) fn versions(self) -> Vec<(OrganizationId, i64)> {
        self.known.into_iter().collect()
    }
}

const fn goes_to(fate: &Fate) -> Option<OrganizationId> {
    match fate {
        Fate::Links(decision) => match decision.target {
            Target::Organization(id) => Some(id),
            Target::Group(_) => None,
        },
        Fate::Stays(_) => None,
    }
}
