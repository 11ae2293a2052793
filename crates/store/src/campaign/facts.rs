//! What automatic linking looks at, for many workspaces at once: a range of ids, so that a million is a thousand reads of
//! each index in its order.

use std::collections::{BTreeSet, HashMap};

use orglink_domain::billing::Terms;
use orglink_domain::billing::migration::BillingFacts;
use orglink_domain::campaign::automatic::Facts;
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::ReasonCode;
use orglink_domain::id::{AccountId, CampaignId, OrganizationId, WorkspaceId};
use orglink_domain::user_management::UsersStanding;
use orglink_domain::workspace::SubscriptionPlan;
use uuid::Uuid;

use super::migrate::find_billing_facts;
use super::users::find_users_standing;
use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// Which workspaces: those after one id up to and with another.
#[derive(Debug, Clone, Copy)]
pub struct IdRange {
    pub after: WorkspaceId,
    pub to: WorkspaceId,
}

impl IdRange {
    /// Only this one.
    #[must_use]
    pub const fn only(id: WorkspaceId) -> Self {
        Self { after: WorkspaceId(Uuid::from_u128(id.0.as_u128().saturating_sub(1))), to: id }
    }
}

/// Which workspaces a campaign is about, by its purpose.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    /// Those that are not linked.
    Unlinked,
    /// Those that are linked and whose billing has not migrated, by these terms.
    Billing(&'a Terms),
    /// Those that are linked and whose users have not migrated.
    Users,
}

/// What else is looked at; reading what nobody asks for costs.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub campaign: CampaignId,
    pub about: About<'a>,
    /// Organizations made later are none that people had.
    pub existing_at: Timestamp,
    pub organizations: bool,
    pub labels: bool,
    pub sizes: bool,
}

/// A workspace that a campaign may be about, with everything that decides about it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub plan: SubscriptionPlan,
    pub version: i64,
    /// Where it comes from, if that is known; else here.
    pub since: Timestamp,
    pub reasons: Vec<ReasonCode>,
    pub facts: Facts,
    pub labels: Vec<String>,
    pub members: i64,
    pub postponed_until: Option<Timestamp>,
    /// When its admins were first told of the campaign.
    pub told_at: Option<Timestamp>,
    /// How it is billed; of a migration of billing.
    pub billing: Option<BillingFacts>,
    /// Where it is linked, and who agreed; of a migration of users.
    pub users: Option<UsersStanding>,
}

impl Candidate {
    /// Whom the campaign concerns: its admins, and in matters of money all its contacts and its reseller.
    #[must_use]
    pub fn people(&self) -> BTreeSet<AccountId> {
        let payers = self
            .billing
            .iter()
            .flat_map(|b| b.payer.contacts.iter().chain(&b.payer.reseller).chain(&b.technical_contacts).copied());
        self.facts.admins.iter().copied().chain(payers).collect()
    }
}

/// The workspaces of a range that the purpose is about (at most `limit`), in the order of their ids.
pub async fn list_candidates(
    tx: &mut Tx,
    range: IdRange,
    limit: i64,
    wanted: Wanted<'_>,
) -> Result<Vec<Candidate>, StoreError> {
    type Row = (Uuid, String, String, String, i64, Option<Time>, Time);
    let statement = match wanted.about {
        About::Unlinked => sql!("campaign/list_workspaces"),
        About::Billing(_) => sql!("campaign/list_legacy_workspaces"),
        About::Users => sql!("campaign/list_unmigrated_workspaces"),
    };
    let rows = fetch_all!(tx, statement, Row, range.after.0, limit)?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, slug, name, plan, version, external, created) in rows {
        if id > range.to.0 {
            break;
        }
        found.push(Candidate {
            id: WorkspaceId(id),
            slug,
            name,
            plan: word(&plan, "workspace", "plan", id)?,
            version,
            since: external.unwrap_or(created).0,
            reasons: Vec::new(),
            facts: Facts::default(),
            labels: Vec::new(),
            members: 0,
            postponed_until: None,
            told_at: None,
            billing: None,
            users: None,
        });
    }
    let Some(last) = found.last() else { return Ok(found) };
    let (after, to) = (range.after.0, last.id.0);
    let places: HashMap<Uuid, usize> = found.iter().enumerate().map(|(place, c)| (c.id.0, place)).collect();
    let mut of = Of { found, places };

    for (id, code) in fetch_all!(tx, sql!("campaign/list_reasons"), (Uuid, String), after, to)? {
        let code = word(&code, "workspace_reason", "code", id)?;
        of.with(id, |c| c.reasons.push(code));
    }
    for (id, account) in fetch_all!(tx, sql!("campaign/list_admins"), (Uuid, Uuid), after, to)? {
        of.with(id, |c| {
            c.facts.admins.insert(AccountId(account));
        });
    }
    for (id, account) in fetch_all!(tx, sql!("campaign/list_billing_contacts"), (Uuid, Uuid), after, to)? {
        of.with(id, |c| {
            c.facts.billing_contacts.insert(AccountId(account));
        });
    }
    if wanted.organizations {
        let at = Time(wanted.existing_at);
        let rows = fetch_all!(tx, sql!("campaign/list_organizations"), (Uuid, Uuid, i64), after, to, at)?;
        for (id, organization, shared) in rows {
            let shared = usize::try_from(shared).unwrap_or(0);
            of.with(id, |c| c.facts.organizations.push((OrganizationId(organization), shared)));
        }
    }
    for (id, organization) in fetch_all!(tx, sql!("campaign/list_preferences"), (Uuid, Uuid), after, to)? {
        of.with(id, |c| {
            c.facts.preferences.insert(OrganizationId(organization));
        });
    }
    if wanted.labels {
        for (id, label) in fetch_all!(tx, sql!("campaign/list_labels"), (Uuid, String), after, to)? {
            of.with(id, |c| c.labels.push(label));
        }
    }
    if wanted.sizes {
        for (id, members) in fetch_all!(tx, sql!("campaign/list_sizes"), (Uuid, i64), after, to)? {
            of.with(id, |c| c.members = members);
        }
    }
    let campaign = wanted.campaign.0;
    for (id, until) in fetch_all!(tx, sql!("campaign/list_postponements"), (Uuid, Time), after, to, campaign)? {
        of.with(id, |c| c.postponed_until = Some(until.0));
    }
    for (id, told_at) in fetch_all!(tx, sql!("campaign/list_notices"), (Uuid, Time), after, to, campaign)? {
        of.with(id, |c| c.told_at = Some(told_at.0));
    }
    let ids: Vec<WorkspaceId> = of.found.iter().map(|c| c.id).collect();
    match wanted.about {
        About::Unlinked => {}
        About::Billing(terms) => {
            for (id, facts) in find_billing_facts(tx, &ids, terms).await? {
                of.with(id.0, |c| c.billing = Some(facts));
            }
        }
        About::Users => {
            for (id, standing) in find_users_standing(tx, wanted.campaign, &ids).await? {
                of.with(id.0, |c| c.users = Some(standing));
            }
        }
    }
    Ok(of.found)
}

/// Candidates by their ids.
struct Of {
    found: Vec<Candidate>,
    places: HashMap<Uuid, usize>,
}

impl Of {
    /// Rows of workspaces that are linked are passed over.
    fn with(&mut self, id: Uuid, change: impl FnOnce(&mut Candidate)) {
        if let Some(candidate) = self.places.get(&id).and_then(|place| self.found.get_mut(*place)) {
            change(candidate);
        }
    }
}
