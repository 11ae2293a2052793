//! What the migration of billing means for one workspace: whether it may, when, who pays then, and what keeps it from that.

use orglink_domain::billing::migration::Blocker;
use orglink_domain::campaign::automatic::{Fate, LeftAlone};
use orglink_domain::campaign::{CampaignState, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::digest::Digest;
use orglink_domain::organization::Organization;
use orglink_domain::words;
use orglink_domain::workspace::{Status, Workspace};
use orglink_policy::Action;
use orglink_store::campaign::{self, IdRange, Postponed};
use orglink_store::stage::BillingStage;
use orglink_store::{Tx, organization, stage};
use serde_json::Value;

use super::today;
use crate::campaign::{PublicCampaign, Rules, calendar_of, of_purpose};
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal, RefusalReason};

words! {
    /// Where the billing of a workspace stands.
    "billing state" BillingState {
        /// It pays for itself, as ever.
        Legacy = "legacy",
        /// Everybody concerned was told of the day.
        Scheduled = "scheduled",
        /// The organization pays.
        Migrated = "migrated",
    }
}

/// The migration of one workspace's billing, as things are now.
#[derive(Debug, Clone)]
pub struct MigrationPlan {
    pub workspace: Workspace,
    pub state: BillingState,
    /// Where it is linked, as far as the one who asks may know.
    pub organization: Option<Organization>,
    /// Why it does not migrate as things are; empty when it would.
    pub blockers: Vec<RefusalReason>,
    /// The campaign that migrates billing, if one goes on that is about this workspace.
    pub campaign: Option<PublicCampaign>,
    /// When people were first told.
    pub told_at: Option<Timestamp>,
    pub postponed: Option<Postponed>,
    /// From this day on the organization pays, if it migrates on the day (or, without a campaign, today).
    pub charged_from: Option<Day>,
    /// Who pays since it has migrated.
    pub migrated: Option<BillingStage>,
    /// The facts that somebody decides on, and their digest; none while it is not linked.
    pub document: Option<(Value, Digest)>,
    /// They may ask for more time.
    pub may_postpone: bool,
    /// They are the reseller, and have agreed or not.
    pub as_reseller: Option<bool>,
}

/// Looks at it; nothing changes.
///
/// # Errors
/// `NotFound`; a refusal for somebody who is neither its admin, contact or reseller, nor admin of its organization.
pub async fn plan_migration(app: &App, principal: &Principal, reference: &str) -> Result<MigrationPlan, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load_as_payer(app, &mut tx, principal, reference, Action::ViewBilling).await?;
    plan_of(app, &mut tx, principal, &proof).await
}

pub(super) async fn plan_of(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    proof: &WorkspaceProof,
) -> Result<MigrationPlan, Error> {
    let w = proof.workspace();
    let mut plan = MigrationPlan {
        workspace: w.clone(),
        state: BillingState::Legacy,
        organization: None,
        blockers: holds(w),
        campaign: None,
        told_at: None,
        postponed: None,
        charged_from: None,
        migrated: None,
        document: None,
        may_postpone: false,
        as_reseller: None,
    };
    let Some(link) = proof.link() else {
        plan.blockers.insert(0, not_linked());
        return Ok(plan);
    };
    let Some(o) = organization::find(tx, link.organization_id).await? else {
        return Err(Error::broken("an organization vanished under a link"));
    };
    plan.organization = proof.may(app, Action::ViewLink).then_some(o);
    if let Some(billing) = stage::find(tx, link.id).await?.billing {
        plan.state = BillingState::Migrated;
        plan.blockers.clear();
        plan.migrated = Some(billing);
        return Ok(plan);
    }
    let mut found = campaign::find_billing_facts(tx, &[w.id], &app.catalog.billing).await?;
    let Some(facts) = found.remove(&w.id) else { return Ok(plan) };
    let mut on = today(app)?;
    if let Some(of) = of_purpose(tx, Purpose::Billing).await? {
        let calendar = calendar_of(&of.definition)?;
        let at = calendar.automatic_at.max(app.now());
        let rules = Rules::new(app, &of, &of.definition, &calendar, (app.now(), at));
        let candidates = campaign::list_candidates(tx, IdRange::only(w.id), 1, rules.wanted).await?;
        if let Some(candidate) = candidates.first().filter(|c| rules.is_concerned(c)) {
            on = rules.on_day;
            plan.told_at = candidate.told_at;
            plan.postponed = campaign::find_postponement(tx, of.id, w.id).await?;
            plan.may_postpone = proof.may(app, Action::PostponeLinking)
                && matches!(of.state, CampaignState::Announced | CampaignState::Open)
                && campaign::count_postponements(tx, &of, w.id).await? < i64::from(of.definition.postponement.budget);
            if let Fate::Stays(LeftAlone::Postponed | LeftAlone::NoticeNotGiven) = rules.fate(candidate) {
                plan.blockers.extend(late(rules.fate(candidate)));
            }
            if of.state != CampaignState::Announced && candidate.told_at.is_some() {
                plan.state = BillingState::Scheduled;
            }
            plan.campaign = Some(PublicCampaign::of(&of, &calendar));
        }
    }
    plan.blockers.extend(facts.blockers(&app.catalog.billing, on).into_iter().map(reason));
    plan.charged_from = Some(facts.charged_from(on));
    let me = principal.account_if_any().map(|account| account.id);
    plan.as_reseller = facts.payer.reseller.filter(|id| Some(*id) == me).map(|_| facts.reseller_agrees());
    plan.document = Some((facts.document(), facts.digest()));
    Ok(plan)
}

fn reason(blocker: Blocker) -> RefusalReason {
    RefusalReason {
        code: blocker.as_str(),
        detail: blocker.detail().to_owned(),
        remedy: Some(blocker.remedy()),
        who: Some(blocker.who()),
    }
}

fn not_linked() -> RefusalReason {
    RefusalReason {
        code: "not_linked",
        detail: "It is linked to no organization that could pay for it.".to_owned(),
        remedy: Some("Link it first: linking changes nothing about money."),
        who: Some("somebody who is workspace admin and organization admin"),
    }
}

fn late(fate: Fate) -> Option<RefusalReason> {
    let Fate::Stays(why) = fate else { return None };
    let (remedy, who) = match why {
        LeftAlone::Postponed => ("Give the time back to migrate with the others.", "a workspace admin"),
        _ => ("It migrates with a later campaign.", "the operator"),
    };
    Some(RefusalReason { code: why.as_str(), detail: why.sentence().to_owned(), remedy: Some(remedy), who: Some(who) })
}

/// What forbids any change of the workspace.
fn holds(w: &Workspace) -> Vec<RefusalReason> {
    let found = [
        (w.status == Status::Suspended, LeftAlone::Suspended),
        (w.status == Status::PendingDeletion, LeftAlone::PendingDeletion),
        (w.open_transfer, LeftAlone::OpenTransfer),
        (w.legal_hold, LeftAlone::LegalHold),
    ];
    let reason = |why: LeftAlone| RefusalReason {
        code: why.as_str(),
        detail: why.sentence().to_owned(),
        remedy: Some("Wait until that has ended."),
        who: Some("the operator"),
    };
    found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| reason(why)).collect()
}
