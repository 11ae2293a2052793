//! Proposes a link for one side, which is that side's consent to the plan as it is.

use orglink_domain::access_request::check_text;
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{Given, Proposal, ProposalState, Side};
use orglink_domain::digest::Digest;
use orglink_domain::event::{Actor, EventType};
use orglink_domain::id::ProposalId;
use orglink_domain::link::{Act, Consent};
use orglink_domain::role::WorkspaceRole;
use orglink_mail::Named as Called;
use orglink_policy::{Action, Standing};
use orglink_store::mail::Addressee;
use orglink_store::{Tx, in_write, organization, plan, proposal};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::code::{self, CodeOf};
use super::{keep, not_open, note, require_proposals};
use crate::idempotency::{Answered, Attempt};
use crate::link::{
    Acknowledge, PlanView, PlannedPair, acknowledged, guard_pair, plan_changed, refuse_ineligible, require_only_linked,
    show_pair,
};
use crate::notify::proposal::to_payer;
use crate::notify::send_mail;
use crate::tenant::{OrganizationProof, ProposalProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// How many proposals of one person may be open.
const MOST_OPEN: i64 = 200;

/// The two that are to be linked: each by slug or id, or one of them by the code that its side handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PairNamed {
    pub workspace: Option<String>,
    pub organization: Option<String>,
    pub code: Option<String>,
}

/// What somebody proposes.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeRequest {
    /// `Link`, or `Transfer` of what is linked to another organization.
    pub act: Act,
    pub pair: PairNamed,
    /// For which side, by whoever administers both; the other must then be somebody else.
    pub side: Option<Side>,
    /// The plan that was shown; without one, whatever the plan is now.
    pub plan_digest: Option<Digest>,
    pub acknowledge: Acknowledge,
    pub message: Option<String>,
    /// The address of whoever is to pay and must agree.
    pub payer: Option<String>,
}

/// The answer to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    pub id: ProposalId,
    pub workspace: String,
    pub organization: String,
    pub side: Side,
    pub plan_digest: Digest,
    pub expires_at: Timestamp,
}

/// A pair that somebody speaks for one side of.
struct Named {
    pair: PlannedPair,
    /// The sides that they can speak for.
    sides: Vec<Side>,
    code: Option<CodeOf>,
}

impl Named {
    async fn load(app: &App, tx: &mut Tx, principal: &Principal, named: &PairNamed, act: Act) -> Result<Self, Error> {
        let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let code = match given(&named.code) {
            Some(code) => Some(code::read(tx, &code, app.now()).await?),
            None => None,
        };
        let missing =
            |field, what: &str| Error::field(field, format!("say which {what}, or give a link code of its side"));
        let gone = || code::invalid();
        let o = match code {
            Some(CodeOf::Organization(id)) => OrganizationProof::by_code(tx, principal, id).await?.ok_or_else(gone)?,
            _ => {
                let slug = given(&named.organization).ok_or_else(|| missing("organization", "organization"))?;
                OrganizationProof::load_to_propose(app, tx, principal, &slug).await?
            }
        };
        let w = match code {
            Some(CodeOf::Workspace(id)) => WorkspaceProof::by_code(tx, principal, id).await?.ok_or_else(gone)?,
            _ => {
                let slug = given(&named.workspace).ok_or_else(|| missing("workspace", "workspace"))?;
                WorkspaceProof::load_to_propose(app, tx, principal, &slug, &o).await?
            }
        };
        let sides = match act {
            Act::Transfer => sides_that_move(app, tx, principal, &w).await?,
            _ => sides_of(app, principal, &w, &o),
        };
        if sides.is_empty() {
            let needed = match act {
                Act::Transfer => "You need to be an admin of the workspace, or of the organization that it leaves.",
                _ => {
                    "You need to be an admin of the workspace or an admin of the organization, with a verified e-mail address."
                }
            };
            return Err(Error::forbidden("not_allowed", "You may not do this", &[needed.to_owned()]));
        }
        if act == Act::Transfer {
            require_movable(&w, &o)?;
            if let Some(link) = w.link() {
                require_only_linked(tx, link).await?;
            }
        }
        let pair = PlannedPair::of(app, tx, principal, w, o, act).await?;
        Ok(Self { pair, sides, code })
    }

    /// For which side they propose.
    fn side(&self, app: &App, wanted: Option<Side>) -> Result<Side, Error> {
        match (wanted, self.sides.as_slice()) {
            (Some(side), sides) if sides.contains(&side) => Ok(side),
            (Some(side), _) => Err(Error::field("side", format!("you are not {}", side.who()))),
            (None, [side]) => Ok(*side),
            (None, _)
                if self.pair.leaves.is_none()
                    && app.settings.link_policy.consent == Consent::TwoSided
                    && app.settings.links_alone() =>
            {
                Err(Error::refused(
                    "both_roles",
                    "You administer both sides",
                    "Nobody else is needed: link the workspace. To have the other side agree nevertheless, say for which \
                     side you propose.",
                ))
            }
            (None, _) => Ok(Side::Workspace),
        }
    }
}

/// What can be moved, and to where.
fn require_movable(w: &WorkspaceProof, o: &OrganizationProof) -> Result<(), Error> {
    let Some(link) = w.link() else {
        let detail = "The workspace is linked to no organization: link it, there is nothing to move.";
        return Err(Error::refused("not_linked", "It is not linked", detail));
    };
    if link.organization_id == o.organization().id {
        let detail = "The workspace is linked to this very organization.";
        return Err(Error::refused("already_linked", "It is there already", detail));
    }
    if !link.policy.transfer {
        let detail = "When the link was made, the policy gave no way to move the workspace to another organization.";
        return Err(Error::refused("link_cannot_be_moved", "The link cannot be moved", detail));
    }
    Ok(())
}

/// A move is proposed by those who know where the workspace is: its own admins, and those of the organization that it leaves.
async fn sides_that_move(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    w: &WorkspaceProof,
) -> Result<Vec<Side>, Error> {
    let nothing = Standing { workspace: WorkspaceRole::None, ..principal.standing() };
    let mut of_source = nothing;
    if let (Some(link), Some(account)) = (w.link(), principal.account_if_any()) {
        let id = link.organization_id.to_string();
        if let Some((_, role, is_unclaimed)) = organization::find_with_standing(tx, &id, Some(account.id)).await? {
            of_source = Standing { organization: role, is_unclaimed, ..nothing };
        }
    }
    let of_workspace = Standing { workspace: w.role(), ..nothing };
    let sides = [(of_workspace, Side::Workspace), (of_source, Side::Source)];
    Ok(sides.into_iter().filter_map(|(s, side)| app.may(Action::AgreeToLink, s).then_some(side)).collect())
}

/// Which of the two sides somebody speaks for, each by its own role alone.
fn sides_of(app: &App, principal: &Principal, w: &WorkspaceProof, o: &OrganizationProof) -> Vec<Side> {
    let is_unclaimed = o.is_unclaimed();
    let nothing = Standing { workspace: WorkspaceRole::None, is_unclaimed, ..principal.standing() };
    let of_workspace = Standing { workspace: w.role(), ..nothing };
    let of_organization = Standing { organization: o.role(), ..nothing };
    [(of_workspace, Side::Workspace), (of_organization, Side::Organization)]
        .into_iter()
        .filter_map(|(standing, side)| app.may(Action::AgreeToLink, standing).then_some(side))
        .collect()
}

/// Shows the plan for two that are to be proposed, and keeps it.
///
/// # Errors
/// `NotFound` for what may not be seen; `link_code_invalid`; a refusal for whoever administers neither; `consent_is_one_person`.
pub async fn preview(
    app: &App,
    principal: &Principal,
    named: &PairNamed,
    act: Act,
) -> Result<(PlanView, Vec<Side>), Error> {
    principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let named = Named::load(app, &mut tx, principal, named, act).await?;
    require_proposals(app, act)?;
    let now = app.now();
    let (stored, sides) = (named.pair.stored(now), named.sides);
    let view = show_pair(app, &mut tx, named.pair, now, None).await?;
    drop(tx);
    in_write!(app.db, tx, { plan::create(tx, &stored).await.map_err(Error::from) })?;
    Ok((view, sides))
}

/// Proposes; the other side's admins hear of it, and whoever is named as payer.
///
/// # Errors
/// As [`preview`]; every reason of eligibility; `plan_changed`; `warnings_not_acknowledged`; `proposal_open`; `too_many_proposals`;
/// `both_roles`; bad input by field.
pub async fn propose(
    app: &App,
    principal: &Principal,
    request: &ProposeRequest,
    idempotency_key: Option<&str>,
) -> Result<Answered<Proposed>, Error> {
    let me = principal.account()?.clone();
    let attempt = Attempt::new(principal, "propose", idempotency_key, request)?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let named = Named::load(app, tx, principal, &request.pair, request.act).await?;
        require_proposals(app, request.act)?;
        let side = named.side(app, request.side)?;
        let (pair, at) = (&named.pair, app.now());
        refuse_ineligible(pair)?;
        same_plan(tx, request.plan_digest, pair).await?;
        let acknowledged = acknowledged(&request.acknowledge, pair)?;
        let text = request.message.as_deref().unwrap_or_default();
        let message = check_text(text).map_err(|e| Error::field("message", e.to_string()))?;
        let payer = payer(request.payer.as_deref())?;
        if proposal::count_open_of_account(tx, me.id).await? >= MOST_OPEN {
            let detail = format!("You have {MOST_OPEN} open proposals. Withdraw one, or wait for the others.");
            return Err(Error::refused("too_many_proposals", "Too many proposals", detail));
        }
        let (w, o) = (pair.workspace.workspace(), pair.organization.organization());
        if let Some(open) = proposal::find_open(tx, w.id, o.id).await? {
            match open.state_at(at) {
                ProposalState::Expired => {
                    keep(app, tx, Actor::SYSTEM, &open.expire(at).map_err(not_open)?, at).await?;
                }
                _ => return Err(already_open(app, tx, principal, open).await?),
            }
        }
        let new = Proposal {
            id: ProposalId(app.new_id(at)),
            act: request.act,
            workspace_id: w.id,
            organization_id: o.id,
            source_id: pair.leaves.as_ref().map(|(_, source)| source.id),
            proposed_by: me.id,
            proposed_from: side,
            payer,
            message,
            state: ProposalState::Open,
            created_at: at,
            expires_at: at.plus_seconds(app.settings.proposal.lifetime_seconds),
            reminded_at: None,
            ended_at: None,
            ended_by: None,
            reason: None,
        };
        if let (Some(of), Some(code)) = (named.code, &request.pair.code) {
            code::redeem(tx, of, code, at).await?;
        }
        if !guard_pair(tx, pair).await? || !proposal::create(tx, &new).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        plan::create_if_missing(tx, &pair.stored(at)).await?;
        let given = Given {
            side,
            account: me.id,
            through: principal.through(),
            plan_digest: pair.plan.digest,
            acknowledged,
            reason: None,
            at,
        };
        proposal::give(tx, new.id, &given).await?;
        let payload = json!({
            "act": new.act, "plan_digest": given.plan_digest, "side": side, "has_payer": new.payer.is_some(), "expires_at": new.expires_at,
            "acknowledged": given.acknowledged, "by_code": named.code.is_some(),
            "workspace": { "id": w.id, "slug": w.slug }, "organization": { "id": o.id, "slug": o.slug },
        });
        note(app, tx, principal.actor(), EventType::ProposalCreated, &new, payload, at).await?;
        if let Some(payer) = &new.payer {
            let (w, o) = (Called::new(&w.slug, &w.name), Called::new(&o.slug, &o.name));
            let from = pair.leaves.as_ref().map(|(_, source)| Called::new(&source.slug, &source.name));
            let says = to_payer(&new, w, o, from, principal.actor());
            send_mail(app, tx, Addressee::Address(payer.clone()), says).await?;
        }
        let answer = Proposed {
            id: new.id,
            workspace: w.slug.clone(),
            organization: o.slug.clone(),
            side,
            plan_digest: given.plan_digest,
            expires_at: new.expires_at,
        };
        attempt.keep(tx, &answer, at).await
    })
}

/// Refuses when what was shown is not what would be agreed to.
pub(super) async fn same_plan(tx: &mut Tx, shown: Option<Digest>, pair: &PlannedPair) -> Result<(), Error> {
    let Some(digest) = shown else { return Ok(()) };
    if digest == pair.plan.digest {
        return Ok(());
    }
    let absent = || Error::not_found("plan", &digest.to_string());
    let stored = plan::find(tx, &digest).await?.ok_or_else(absent)?;
    let (w, o) = (pair.workspace.workspace().id, pair.organization.organization().id);
    if stored.workspace_id != w || stored.organization_id != o {
        return Err(absent());
    }
    Err(plan_changed(orglink_domain::plan::differences(&stored.document, &pair.plan.document)))
}

/// The id of what is open is for whoever has a say in it; a proposer by code may have none yet.
async fn already_open(app: &App, tx: &mut Tx, principal: &Principal, open: Proposal) -> Result<Error, Error> {
    let id = open.id;
    let detail = match ProposalProof::of(app, tx, principal, open).await? {
        Some(_) => {
            format!("The link of these two has been proposed already: consent to the proposal {id}, or decline it.")
        }
        None => "The link of these two has been proposed already.".to_owned(),
    };
    Ok(Error::refused("proposal_open", "It has been proposed already", detail))
}

fn payer(given: Option<&str>) -> Result<Option<String>, Error> {
    let Some(address) = given.map(str::trim).filter(|a| !a.is_empty()) else { return Ok(None) };
    let address = orglink_domain::name::check_email(address).map_err(|e| Error::field("payer", e.to_string()))?;
    Ok(Some(address.to_owned()))
}
