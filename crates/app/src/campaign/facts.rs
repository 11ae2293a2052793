//! What becomes of a workspace, of everything that was read of it: cohort, notice, time asked for, then the rules.

use std::collections::{HashMap, HashSet};

use orglink_domain::billing::migration::BillingFacts;
use orglink_domain::campaign::automatic::{
    Decision, Evidence, Fate, GroupKey, LeftAlone, Rule, Target, decide, group_key, wave_of,
};
use orglink_domain::campaign::{Calendar, Campaign, CampaignState, Definition, ExistingOrganization, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::eligibility::{Blocks, ReasonCode};
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_domain::user_management::{UsersStanding, UsersTerms};
use orglink_store::campaign::{About, Candidate, Decided, NO_WAVE, Wanted};
use orglink_store::{Tx, campaign, organization};

use crate::{App, Error};

/// What forbids any change of a workspace, also of who pays for it and of where its people are managed.
const HOLDS: [ReasonCode; 4] =
    [ReasonCode::Suspended, ReasonCode::PendingDeletion, ReasonCode::OpenTransfer, ReasonCode::LegalHold];

/// Everything that decides besides the workspace itself.
pub(crate) struct Rules<'a> {
    app: &'a App,
    of: &'a Campaign,
    definition: &'a Definition,
    /// The moment that is decided about, and its day in the campaign's zone.
    on_at: Timestamp,
    pub(crate) on_day: Day,
    /// By when whoever was not told yet will have been; nobody will be in the real run.
    told_by: Option<Timestamp>,
    /// The workspaces that the cohort names, folded.
    named: HashSet<String>,
    created_before: Option<Timestamp>,
    pub(crate) wanted: Wanted<'a>,
}

impl<'a> Rules<'a> {
    /// As things are at one moment, about the same or a later one.
    pub(crate) fn new(
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
            of,
            definition,
            on_at,
            on_day: Day::at(on_at, &calendar.zone).unwrap_or(Day::FIRST),
            told_by,
            named: cohort.workspaces.iter().map(|slug| fold(slug)).collect(),
            created_before: cohort.created_before.and_then(|day| day.starts_in(&calendar.zone)),
            wanted: Wanted {
                campaign: of.id,
                about: match definition.purpose {
                    Purpose::Link => About::Unlinked,
                    Purpose::Billing => About::Billing(&app.catalog.billing),
                    Purpose::Users => About::Users,
                },
                existing_at: of.announced_at.unwrap_or_else(|| calendar.announce_at.max(now)),
                organizations: definition.purpose == Purpose::Link
                    && definition.automatic.use_existing_organization == ExistingOrganization::Sole,
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
        let blocking = codes.into_iter().find(|code| match self.definition.purpose {
            Purpose::Link => code.describe(rules).blocks != Blocks::UsersMigration,
            // Only what forbids any change of it.
            Purpose::Billing | Purpose::Users => HOLDS.contains(code),
        });
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
    pub(crate) fn is_concerned(&self, c: &Candidate) -> bool {
        self.blocked(c).is_none()
    }

    /// What becomes of it; quotas of organizations apart.
    pub(crate) fn fate(&self, c: &Candidate) -> Fate {
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
        match (&c.billing, &c.users) {
            (Some(billing), _) => self.migrates(billing),
            (None, Some(users)) => self.migrates_users(users),
            (None, None) => Fate::Goes(decide(&c.facts, self.definition.automatic.use_existing_organization)),
        }
    }

    /// What is agreed to in a migration of users.
    pub(crate) fn terms(&self) -> UsersTerms<'a> {
        users_terms(self.app, self.of, self.definition)
    }

    /// Whether its users migrate; where to is known, it is linked there.
    pub(crate) fn migrates_users(&self, users: &UsersStanding) -> Fate {
        if let Some(reason) = users.left_alone(&self.terms()) {
            return Fate::Stays(reason);
        }
        let admins = u32::try_from(users.sides.workspace_admins.len()).unwrap_or(u32::MAX);
        Fate::Goes(Decision {
            rule: Rule::OwnGroups,
            target: Target::Organization(users.organization),
            evidence: Evidence { admins, ..Evidence::default() },
        })
    }

    /// Whether its billing migrates; where to is known, it is linked there.
    pub(crate) fn migrates(&self, billing: &BillingFacts) -> Fate {
        if let Some(blocker) = billing.blockers(&self.app.catalog.billing, self.on_day).first() {
            return Fate::Stays(LeftAlone::of_billing(*blocker));
        }
        let contacts = u32::try_from(billing.payer.contacts.len()).unwrap_or(u32::MAX);
        Fate::Goes(Decision {
            rule: Rule::BillingContacts,
            target: Target::Organization(billing.organization),
            evidence: Evidence { admins: contacts, ..Evidence::default() },
        })
    }

    /// What goes together, in one wave: who gets the same new organization, or comes to the same billing account.
    fn key(c: &Candidate) -> GroupKey {
        c.billing.as_ref().map_or_else(|| group_key(&c.facts), BillingFacts::account_key)
    }

    /// The fate as a row.
    pub(crate) fn decided(&self, c: &Candidate, fate: Fate) -> Decided {
        use orglink_domain::campaign::automatic::DecisionState;
        let (wave, state) = match fate {
            Fate::Goes(_) => (i64::from(wave_of(&Self::key(c), &self.definition.waves)), DecisionState::Decided),
            Fate::Stays(_) => (NO_WAVE, DecisionState::LeftAlone),
        };
        Decided { wave, workspace_id: c.id, workspace_version: c.version, fate, state, outcome: None }
    }
}

/// What is agreed to in a migration of users, by what was decided of it.
pub(crate) fn users_terms<'a>(app: &App, of: &Campaign, definition: &'a Definition) -> UsersTerms<'a> {
    UsersTerms { campaign: of.id, definition, rule: app.settings.consent_rule() }
}

/// How many workspaces organizations with a quota may still have, while decisions use it up.
#[derive(Default)]
pub(crate) struct Quotas {
    /// Of those that have one.
    left: HashMap<OrganizationId, i64>,
    known: HashMap<OrganizationId, i64>,
}

impl Quotas {
    /// Looks at the organizations that these are to be linked to: their quotas, and the versions they are at.
    pub(crate) async fn look(&mut self, tx: &mut Tx, fates: &[Fate], now: Timestamp) -> Result<(), Error> {
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
    pub(crate) fn take(&mut self, fate: Fate) -> Fate {
        let Some(left) = goes_to(&fate).and_then(|id| self.left.get_mut(&id)) else { return fate };
        if *left <= 0 {
            return Fate::Stays(LeftAlone::OrganizationQuota);
        }
        *left -= 1;
        fate
    }

    /// The versions that decisions were made at.
    pub(crate) fn versions(self) -> Vec<(OrganizationId, i64)> {
        self.known.into_iter().collect()
    }
}

const fn goes_to(fate: &Fate) -> Option<OrganizationId> {
    match fate {
        Fate::Goes(decision) => match (decision.rule, decision.target) {
            // It has its place there already.
            (Rule::BillingContacts | Rule::OwnGroups, _) | (_, Target::Group(_)) => None,
            (_, Target::Organization(id)) => Some(id),
        },
        Fate::Stays(_) => None,
    }
}
