//! Looks at proposals: one with what each side has agreed to, or lists.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::consent::{Agreement, Given, Proposal, ProposalState, Side};
use orglink_domain::id::{AccountId, ProposalId};
use orglink_domain::link::Act;
use orglink_domain::organization::Organization;
use orglink_domain::plan::{Difference, differences};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::proposal::{self, ProposalsOf};
use orglink_store::{Tx, account, plan};

use super::agree::agreements;
use super::unlink::plan_of;
use super::users;
use crate::link::{PlanView, PlannedPair, UndoPlan, show_pair};
use crate::tenant::{OrganizationProof, ProposalProof, WorkspaceProof};
use crate::user_management::UsersPlanView;
use crate::{App, Error, Page, PageRequest, Principal};

/// One side of a proposal.
#[derive(Debug, Clone)]
pub struct AgreementView {
    pub side: Side,
    pub agreement: Agreement,
    pub given: Option<Given>,
    /// The name of whoever agreed.
    pub by: String,
    /// What has changed since they did.
    pub differences: Vec<Difference>,
    /// The one who looks can agree for this side now.
    pub is_mine: bool,
}

/// A proposal as somebody concerned sees it.
#[derive(Debug, Clone)]
pub struct ProposalView {
    pub proposal: Proposal,
    /// As it is now.
    pub state: ProposalState,
    pub workspace: Workspace,
    pub organization: Organization,
    /// That of which the workspace is to be moved.
    pub source: Option<Organization>,
    pub proposed_by: String,
    pub sides: Vec<AgreementView>,
    /// The plan as it is now, while it is open.
    pub plan: Option<PlanView>,
    /// The same of a link that is to be ended.
    pub ends: Option<UndoPlan>,
    /// The same of users that are to migrate.
    pub users: Option<UsersPlanView>,
    pub may_withdraw: bool,
    pub may_decline: bool,
}

/// A proposal in a list.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub proposal: Proposal,
    /// As it is now.
    pub state: ProposalState,
    pub workspace: Workspace,
    pub organization: Organization,
    /// The sides that have agreed: to the plan as it is, while the proposal is open.
    pub agreed: Vec<Side>,
    /// The one who looks can agree for a side that is still missing.
    pub waits_for_me: bool,
}

/// One proposal.
///
/// # Errors
/// `NotFound` when there is none, or for anybody who is not concerned.
pub async fn view_proposal(app: &App, principal: &Principal, reference: &str) -> Result<ProposalView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = ProposalProof::load(app, &mut tx, principal, reference).await?;
    let (mine, now) = (proof.sides(app), app.now());
    let proof_of_users = proof.clone();
    let found = proof.proposal;
    let state = found.state_at(now);
    let (workspace, organization) = (proof.workspace.workspace().clone(), proof.organization.organization().clone());
    let source = proof.source.as_ref().map(|source| source.organization().clone());
    let given = proposal::list_given(&mut tx, found.id).await?;
    let asked = found.sides(app.settings.consent_rule());
    let is_open = state == ProposalState::Open;
    let mut plan = None;
    let mut weighed: HashMap<Side, Agreement> = given.iter().map(|g| (g.side, Agreement::Given)).collect();
    let (mut ends, mut users_plan) = (None, None);
    if is_open && found.act == Act::Unlink {
        if proof.workspace.link().is_some_and(|link| link.organization_id == found.organization_id) {
            let now = plan_of(app, &mut tx, &proof.workspace).await?;
            weighed = agreements(app, &mut tx, &found, &now.digest).await?.into_iter().collect();
            ends = Some(now);
        }
    } else if is_open && found.act == Act::MigrateUsers {
        let of = users::plan_of(app, &mut tx, &proof_of_users).await;
        match of {
            Ok(planned) => {
                weighed = agreements(app, &mut tx, &found, &planned.plan.digest).await?.into_iter().collect();
                users_plan = Some(crate::user_management::show(app, planned));
            }
            // It is not linked there any more, or a group of the mapping is gone: nothing to show, and nothing to agree to.
            Err(Error::Refused(_) | Error::BadInput(_)) => {}
            Err(other) => return Err(other),
        }
    } else if is_open && principal.account_if_any().is_some() {
        let pair = PlannedPair::of(app, &mut tx, principal, proof.workspace, proof.organization, found.act).await?;
        weighed = agreements(app, &mut tx, &found, &pair.plan.digest).await?.into_iter().collect();
        plan = Some(show_pair(app, &mut tx, pair, now, None).await?);
    }
    let mut ids: Vec<AccountId> = given.iter().map(|g| g.account).collect();
    ids.push(found.proposed_by);
    let names: HashMap<AccountId, Account> =
        account::list_by_ids(&mut tx, &ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let name = |id: AccountId| names.get(&id).map(|a| a.name.clone()).unwrap_or_default();
    let mut sides = Vec::new();
    for side in &asked {
        let consent = given.iter().find(|g| g.side == *side).cloned();
        let agreement = weighed.get(side).copied().unwrap_or(Agreement::Missing);
        let differences = match (&consent, &plan) {
            (Some(consent), Some(view)) if agreement == Agreement::Outdated => since(&mut tx, consent, view).await?,
            _ => Vec::new(),
        };
        let is_mine = is_open && agreement != Agreement::Given && mine.contains(side);
        let by = consent.as_ref().map(|g| name(g.account)).unwrap_or_default();
        sides.push(AgreementView { side: *side, agreement, given: consent, by, differences, is_mine });
    }
    let from = found.proposed_from;
    Ok(ProposalView {
        state,
        workspace,
        organization,
        source,
        proposed_by: name(found.proposed_by),
        sides,
        plan,
        ends,
        users: users_plan,
        may_withdraw: is_open && mine.contains(&from),
        may_decline: is_open && mine.iter().any(|side| asked.contains(side) && *side != from),
        proposal: found,
    })
}

/// What has changed since somebody agreed.
async fn since(tx: &mut Tx, consent: &Given, now: &PlanView) -> Result<Vec<Difference>, Error> {
    let before = plan::find(tx, &consent.plan_digest).await?;
    Ok(before.map(|b| differences(&b.document, &now.plan.document)).unwrap_or_default())
}

/// What is proposed for a workspace, newest first; in one state or all.
///
/// # Errors
/// `NotFound`; a refusal for anybody but its admins.
pub async fn list_proposals_of_workspace(
    app: &App,
    principal: &Principal,
    reference: &str,
    state: Option<ProposalState>,
    page: &PageRequest,
) -> Result<(Workspace, Page<Waiting>), Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspaceProposals).await?;
    let of = ProposalsOf::Workspace(proof.workspace().id);
    let page = list(app, &mut tx, principal, of, state, page).await?;
    Ok((proof.workspace().clone(), page))
}

/// What is proposed to an organization, newest first; in one state or all.
///
/// # Errors
/// `NotFound`; a refusal for anybody but its admins and auditors.
pub async fn list_proposals_of_organization(
    app: &App,
    principal: &Principal,
    reference: &str,
    state: Option<ProposalState>,
    page: &PageRequest,
) -> Result<(Organization, Page<Waiting>), Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganizationProposals).await?;
    let of = ProposalsOf::Organization(proof.organization().id);
    let page = list(app, &mut tx, principal, of, state, page).await?;
    Ok((proof.organization().clone(), page))
}

/// The proposals in which the one who asks has a say, newest first; in one state or all.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_my_proposals(
    app: &App,
    principal: &Principal,
    state: Option<ProposalState>,
    page: &PageRequest,
) -> Result<Page<Waiting>, Error> {
    let me = principal.account()?.id;
    let mut tx = app.db.begin_read().await?;
    list(app, &mut tx, principal, ProposalsOf::Account(me), state, page).await
}

/// Whether somebody's consent for a side would count: not where it takes somebody else than whoever agreed for another.
fn may_be_next(app: &App, principal: &Principal, side: Side, given: &[Given]) -> bool {
    let me = principal.account_if_any().map(|a| a.id);
    let others = side.others(app.settings.link_policy.consent);
    !given.iter().any(|g| others.contains(&g.side) && Some(g.account) == me)
}

async fn list(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    of: ProposalsOf,
    state: Option<ProposalState>,
    page: &PageRequest,
) -> Result<Page<Waiting>, Error> {
    let before = page.after_id(ProposalId)?;
    let found = proposal::list(tx, of, state, before, page.fetch()).await?;
    let page = page.page(found, |p| p.id.to_string());
    let mut items = Vec::new();
    for found in page.items {
        let Some(proof) = ProposalProof::of(app, tx, principal, found).await? else { continue };
        let state = proof.proposal.state_at(app.now());
        let given = proposal::list_given(tx, proof.proposal.id).await?;
        let (mine, mut agreed, mut waits_for_me) = (proof.sides(app), Vec::new(), false);
        let plans =
            !matches!(proof.proposal.act, Act::Unlink | Act::MigrateUsers) && principal.account_if_any().is_some();
        if state == ProposalState::Open && plans {
            let (w, o) = (proof.workspace.clone(), proof.organization.clone());
            let plan = PlannedPair::of(app, tx, principal, w, o, proof.proposal.act).await?.plan.digest;
            for (side, agreement) in agreements(app, tx, &proof.proposal, &plan).await? {
                match agreement {
                    Agreement::Given => agreed.push(side),
                    _ => waits_for_me |= mine.contains(&side) && may_be_next(app, principal, side, &given),
                }
            }
        } else {
            agreed.extend(given.iter().map(|g| g.side));
            let missing = |side: &Side| mine.contains(side) && !agreed.contains(side);
            let asked = proof.proposal.sides(app.settings.consent_rule());
            waits_for_me = state == ProposalState::Open
                && asked.into_iter().filter(missing).any(|side| may_be_next(app, principal, side, &given));
        }
        items.push(Waiting {
            waits_for_me,
            state,
            workspace: proof.workspace.workspace().clone(),
            organization: proof.organization.organization().clone(),
            agreed,
            proposal: proof.proposal,
        });
    }
    Ok(Page { items, next: page.next })
}
