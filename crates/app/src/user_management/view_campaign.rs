//! A campaign that migrates users, as one of its sides sees it: what is agreed to, who has, and why a workspace would be left alone.

use orglink_domain::campaign::automatic::{Fate, LeftAlone};
use orglink_domain::campaign::{Campaign, CampaignState, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{Agreement, Side};
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, OrganizationId};
use orglink_domain::organization::Organization;
use orglink_domain::user_management::{UsersBlocker, UsersSides, UsersStanding, UsersWarning, organization_blockers};
use orglink_domain::workspace::Workspace;
use orglink_policy::{Action, Standing};
use orglink_store::campaign::{self, IdRange, Postponed};
use orglink_store::{Tx, stage};
use serde_json::Value;
use uuid::Uuid;

use crate::campaign::{PublicCampaign, Rules, calendar_of, of_purpose, users_terms};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal, RefusalReason};

/// Whose side is looked at, or agrees: by slug or id.
#[derive(Debug, Clone, Copy)]
pub enum UsersOf<'a> {
    Workspace(&'a str),
    Organization(&'a str),
}

/// What one side's consent is worth.
#[derive(Debug, Clone, Copy)]
pub struct SideView {
    pub side: Side,
    pub agreement: Agreement,
    /// When it was given.
    pub at: Option<Timestamp>,
}

/// The campaign that goes on.
#[derive(Debug, Clone)]
pub struct UsersCampaign {
    pub campaign: PublicCampaign,
    /// Of whose side it is looked at.
    pub workspace: Option<Workspace>,
    pub organization: Organization,
    /// What is agreed to, and its digest.
    pub terms: Value,
    pub digest: Digest,
    pub warnings: &'static [UsersWarning],
    /// Of an organization, its own; of a workspace, both.
    pub sides: Vec<SideView>,
    /// Why it would be left alone, as things are.
    pub blockers: Vec<RefusalReason>,
    pub told_at: Option<Timestamp>,
    pub postponed: Option<Postponed>,
    /// The one who looks may ask for more time; may agree; may take back what their side agreed to.
    pub may_postpone: bool,
    pub may_agree: bool,
    pub may_withdraw: bool,
}

/// One side of a migration, loaded for somebody.
pub(super) struct Subject {
    pub workspace: Option<WorkspaceProof>,
    pub organization: OrganizationProof,
}

impl Subject {
    /// Loads it for somebody who may look.
    ///
    /// # Errors
    /// `NotFound`; `not_linked`; a refusal for whoever has nothing to say about it.
    pub async fn load(app: &App, tx: &mut Tx, principal: &Principal, of: UsersOf<'_>) -> Result<Self, Error> {
        match of {
            UsersOf::Organization(reference) => {
                let organization =
                    OrganizationProof::load(app, tx, principal, reference, Action::ViewDirectory).await?;
                Ok(Self { workspace: None, organization })
            }
            UsersOf::Workspace(reference) => {
                let w = WorkspaceProof::load(app, tx, principal, reference, Action::ViewWorkspace).await?;
                let Some(link) = w.link() else {
                    // Whoever has nothing to say about it is told that, whatever the matter is.
                    app.require(Action::AgreeToLink, Standing { workspace: w.role(), ..principal.standing() })?;
                    return Err(not_linked());
                };
                let organization = OrganizationProof::governing(tx, principal, link).await?;
                let both = Standing { workspace: w.role(), organization: organization.role(), ..principal.standing() };
                app.require(Action::AgreeToLink, both)?;
                Ok(Self { workspace: Some(w), organization })
            }
        }
    }

    /// What the one who asks is to this side, and nothing else.
    pub fn standing(&self, principal: &Principal) -> Standing {
        match &self.workspace {
            Some(w) => Standing { workspace: w.role(), ..principal.standing() },
            None => {
                let (organization, is_unclaimed) = (self.organization.role(), self.organization.is_unclaimed());
                Standing { organization, is_unclaimed, ..principal.standing() }
            }
        }
    }

    /// By which consents know it.
    pub fn id(&self) -> Uuid {
        self.workspace.as_ref().map_or(self.organization.organization().id.0, |w| w.workspace().id.0)
    }

    /// The sides that this one speaks for.
    pub const fn is_of(&self, side: Side) -> bool {
        matches!((&self.workspace, side), (Some(_), Side::Workspace) | (None, Side::Organization | Side::Approver))
    }
}

pub(super) fn not_linked() -> Error {
    let detail =
        "The workspace is not linked to an organization: there is no directory that its users could migrate into.";
    Error::refused("not_linked", "It is not linked", detail)
}

/// Looks at it; nothing while no campaign goes on, or it is not about this workspace any more.
///
/// # Errors
/// `NotFound`; `not_linked`; a refusal for whoever administers neither the workspace nor its organization; of an organization, for whoever may
/// not look at its directory.
pub async fn view_users_campaign(
    app: &App,
    principal: &Principal,
    of: UsersOf<'_>,
) -> Result<Option<UsersCampaign>, Error> {
    let mut tx = app.db.begin_read().await?;
    let subject = Subject::load(app, &mut tx, principal, of).await?;
    let Some(campaign) = of_purpose(&mut tx, Purpose::Users).await? else { return Ok(None) };
    if let Some(link) = subject.workspace.as_ref().and_then(WorkspaceProof::link)
        && stage::find(&mut tx, link.id).await?.users_migrated_at.is_some()
    {
        return Ok(None);
    }
    view_of(app, &mut tx, principal, &subject, &campaign).await.map(Some)
}

async fn view_of(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    subject: &Subject,
    of: &Campaign,
) -> Result<UsersCampaign, Error> {
    let calendar = calendar_of(&of.definition)?;
    let terms = users_terms(app, of, &of.definition);
    let o = subject.organization.organization();
    let (mut blockers, mut told_at, mut postponed, mut may_postpone) = (Vec::new(), None, None, false);
    let is_open = matches!(of.state, CampaignState::Announced | CampaignState::Open) && app.now() < calendar.closes_at;
    let sides = match &subject.workspace {
        None => {
            let found = organization_blockers(o.user_management, subject.organization.is_unclaimed());
            blockers.extend(found.into_iter().map(said));
            sides_of(tx, of, o.id).await?
        }
        Some(proof) => {
            let w = proof.workspace();
            let at = calendar.automatic_at.max(app.now());
            let rules = Rules::new(app, of, &of.definition, &calendar, (app.now(), at));
            let found = campaign::list_candidates(tx, IdRange::only(w.id), 1, rules.wanted).await?;
            let Some(candidate) = found.first() else {
                return Err(Error::broken("a linked workspace is no candidate"));
            };
            if let Fate::Stays(why) = rules.fate(candidate) {
                blockers.push(reason(why));
            }
            told_at = candidate.told_at;
            postponed = campaign::find_postponement(tx, of.id, w.id).await?;
            let used = campaign::count_postponements(tx, of, w.id).await?;
            may_postpone = is_open
                && proof.may(app, Action::PostponeLinking)
                && (postponed.is_some() || used < i64::from(of.definition.postponement.budget));
            let standing: Option<&UsersStanding> = candidate.users.as_ref();
            standing.map(|s| s.sides.clone()).unwrap_or_default()
        }
    };
    let at = |side| sides.given.iter().find(|g| g.side == side).map(|g| g.at);
    let agreements = sides.agreements(&terms, o.id);
    let shown = agreements.iter().filter(|(side, _)| subject.workspace.is_some() || subject.is_of(*side));
    let views = shown.map(|(side, agreement)| SideView { side: *side, agreement: *agreement, at: at(*side) }).collect();
    let may_speak = app.may(Action::AgreeToLink, subject.standing(principal));
    let me: Option<AccountId> = principal.account_if_any().map(|a| a.id);
    let is_mine = |side: Side| sides.given.iter().any(|g| g.side == side && Some(g.account) == me);
    let mut open = agreements.iter().filter(|(side, agreement)| subject.is_of(*side) && *agreement != Agreement::Given);
    let is_wanted = open.next().is_some_and(|(side, _)| *side != Side::Approver || !is_mine(Side::Organization));
    Ok(UsersCampaign {
        campaign: PublicCampaign::of(of, &calendar),
        workspace: subject.workspace.as_ref().map(|w| w.workspace().clone()),
        organization: o.clone(),
        terms: terms.document(o.id),
        digest: terms.digest(o.id),
        warnings: UsersWarning::WITHOUT_MERGES,
        sides: views,
        blockers,
        told_at,
        postponed,
        may_postpone,
        may_agree: is_open && may_speak && is_wanted,
        may_withdraw: may_speak && sides.given.iter().any(|g| subject.is_of(g.side)),
    })
}

/// What an organization agreed to, and who may speak for it.
pub(super) async fn sides_of(tx: &mut Tx, of: &Campaign, id: OrganizationId) -> Result<UsersSides, Error> {
    let admins = campaign::list_active_organization_admins(tx, &[id]).await?;
    let given = campaign::list_consents(tx, of.id, &[id.0]).await?.remove(&id.0).unwrap_or_default();
    let organization_admins = admins.into_iter().map(|(_, account)| account).collect();
    Ok(UsersSides { organization_admins, given, ..UsersSides::default() })
}

fn said(blocker: UsersBlocker) -> RefusalReason {
    let (detail, remedy) = blocker.words();
    RefusalReason { code: blocker.as_str(), detail: detail.to_owned(), remedy: Some(remedy), who: Some(blocker.who()) }
}

/// Why it is left alone, with what to do about it.
fn reason(why: LeftAlone) -> RefusalReason {
    if let Some(blocker) = UsersBlocker::ALL.iter().find(|blocker| LeftAlone::of_users(**blocker) == Some(why)) {
        return said(*blocker);
    }
    let (remedy, who) = match why {
        LeftAlone::ConsentMissing => ("Agree for the side that has not.", "an admin of that side"),
        LeftAlone::Postponed => ("Give the time back to migrate with the others.", "a workspace admin"),
        _ => ("Let both sides agree to a plan of its own, on any day.", "an admin of each side"),
    };
    RefusalReason { code: why.as_str(), detail: why.sentence().to_owned(), remedy: Some(remedy), who: Some(who) }
}
