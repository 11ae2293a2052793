//! Break-glass: two operators, each in person and with a reason, end a link whatever its policy says.

use orglink_domain::consent::{Agreement, Given, Proposal, ProposalState, Side};
use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, Through};
use orglink_domain::id::ProposalId;
use orglink_domain::link::Act;
use orglink_domain::plan::PLAN_VALIDITY_SECONDS;
use orglink_policy::Action;
use orglink_store::plan::StoredPlan;
use orglink_store::{Tx, fault, in_write, plan, proposal, workspace};
use serde_json::json;

use super::agree::{Consented, agreements, choose, somebody_else};
use super::{keep, not_open, note};
use crate::link::{By, UndoPlan, Undoable, together};
use crate::tenant::{ProposalProof, WorkspaceProof};
use crate::{App, Error, Principal, reason};

/// What ending a link would do.
///
/// # Errors
/// `NotFound`; `not_linked`; a refusal for anybody but an operator.
pub async fn plan_unlink(app: &App, principal: &Principal, reference: &str) -> Result<UndoPlan, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspace).await?;
    proof.require(app, Action::EndLink)?;
    plan_of(app, &mut tx, &proof).await
}

/// Proposes to end the link of a workspace, as the first of two operators. The others hear of it.
///
/// # Errors
/// As [`plan_unlink`]; `second_person_required` for somebody who does it in another's name; `plan_changed`; `proposal_open`; bad
/// input without a reason.
pub async fn propose_unlink(
    app: &App,
    principal: &Principal,
    reference: &str,
    given: &str,
    shown: Option<Digest>,
) -> Result<ProposalId, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::ViewWorkspace).await?;
        proof.require(app, Action::EndLink)?;
        require_in_person(principal, Side::Operator)?;
        let reason = require_reason(given)?;
        let ends = plan_of(app, tx, &proof).await?;
        same(shown, &ends)?;
        let (w, at) = (proof.workspace(), app.now());
        let new = Proposal {
            id: ProposalId(app.new_id(at)),
            act: Act::Unlink,
            workspace_id: w.id,
            organization_id: ends.organization.id,
            source_id: None,
            proposed_by: me,
            proposed_from: Side::Operator,
            payer: None,
            message: Some(reason.clone()),
            state: ProposalState::Open,
            created_at: at,
            expires_at: at.plus_seconds(app.settings.proposal.lifetime_seconds),
            reminded_at: None,
            ended_at: None,
            ended_by: None,
            reason: None,
        };
        if let Some(open) = proposal::find_open(tx, w.id, ends.organization.id).await?
            && open.state_at(at) == ProposalState::Expired
        {
            keep(app, tx, orglink_domain::event::Actor::SYSTEM, &open.expire(at).map_err(not_open)?, at).await?;
        }
        if !proposal::create(tx, &new).await? {
            let detail = "That this link is ended has been proposed already: agree to that proposal, or decline it.";
            return Err(Error::refused("proposal_open", "It has been proposed already", detail));
        }
        give(app, tx, &new, &ends, principal, (Side::Operator, reason)).await?;
        let payload = json!({
            "act": new.act, "side": Side::Operator, "plan_digest": ends.digest, "reason": new.message, "expires_at": new.expires_at,
            "workspace": { "id": w.id, "slug": w.slug },
            "organization": { "id": ends.organization.id, "slug": ends.organization.slug },
        });
        note(app, tx, principal.actor(), EventType::ProposalCreated, &new, payload, at).await?;
        Ok::<ProposalId, Error>(new.id)
    })
}

/// Agrees as the second of two operators; then the link is ended, in the same transaction.
pub(super) async fn agree(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    proof: ProposalProof,
    (wanted, shown, given): (Option<Side>, Option<Digest>, Option<&str>),
) -> Result<Consented, Error> {
    let mine = proof.sides(app);
    let (found, at) = (proof.proposal, app.now());
    let ends = plan_of(app, tx, &proof.workspace).await?;
    if ends.organization.id != found.organization_id {
        return Err(not_linked());
    }
    let side = choose(wanted, &mine, &agreements(app, tx, &found, &ends.digest).await?)?;
    require_in_person(principal, side)?;
    let reason = require_reason(given.unwrap_or_default())?;
    same(shown, &ends)?;
    give(app, tx, &found, &ends, principal, (side, reason)).await?;
    let now = agreements(app, tx, &found, &ends.digest).await?;
    if now.contains(&(side, Agreement::NotASecondPerson)) {
        return Err(somebody_else(side));
    }
    let missing: Vec<Side> = now.iter().filter(|(_, a)| *a != Agreement::Given).map(|(side, _)| *side).collect();
    let w = proof.workspace.workspace();
    let payload = json!({
        "act": found.act, "side": side, "plan_digest": ends.digest, "missing": missing,
        "workspace": { "id": w.id, "slug": w.slug },
        "organization": { "id": ends.organization.id, "slug": ends.organization.slug },
    });
    note(app, tx, principal.actor(), EventType::ProposalConsented, &found, payload, at).await?;
    fault::point("consent.given");
    let mut link = None;
    if missing.is_empty() {
        let active = proof.workspace.link().ok_or_else(not_linked)?;
        link = Some(active.id);
        let given = proposal::list_given(tx, found.id).await?;
        let reasons: Vec<&str> = given.iter().filter_map(|g| g.reason.as_deref()).collect();
        let reasons = reasons.join(" / ");
        let by = By {
            actor: principal.actor(),
            because: "break_glass",
            reason: Some(&reasons),
            consents: together(&given).as_array().cloned().unwrap_or_default(),
        };
        let undoable = Undoable::of(tx, w, active, (Act::Unlink, None)).await?;
        undoable.undo(app, tx, by).await?;
        let ended = found.clone().end(ProposalState::Done, principal.account_if_any().map(|a| a.id), at);
        keep(app, tx, principal.actor(), &ended.map_err(not_open)?, at).await?;
    }
    Ok(Consented {
        proposal: found.id,
        side,
        plan_digest: ends.digest,
        missing,
        link,
        workspace: w.slug.clone(),
        organization: ends.organization.slug,
    })
}

/// What the end of a workspace's link would do now.
pub(super) async fn plan_of(app: &App, tx: &mut Tx, proof: &WorkspaceProof) -> Result<UndoPlan, Error> {
    let active = proof.link().ok_or_else(not_linked)?;
    Undoable::of(tx, proof.workspace(), active, (Act::Unlink, None)).await?.plan(app)
}

/// Keeps what an operator agrees to, with the plan.
async fn give(
    app: &App,
    tx: &mut Tx,
    of: &Proposal,
    ends: &UndoPlan,
    principal: &Principal,
    (side, reason): (Side, String),
) -> Result<(), Error> {
    let at = app.now();
    let stored = StoredPlan {
        digest: ends.digest,
        workspace_id: ends.workspace.id,
        organization_id: ends.organization.id,
        document: ends.document.clone(),
        summary: workspace::find_summary(tx, ends.workspace.id).await?,
        workspace_version: ends.workspace.version,
        created_at: at,
        valid_until: at.plus_seconds(PLAN_VALIDITY_SECONDS),
    };
    plan::create_if_missing(tx, &stored).await?;
    let given = Given {
        side,
        account: principal.account()?.id,
        through: principal.through(),
        plan_digest: ends.digest,
        acknowledged: Vec::new(),
        reason: Some(reason),
        at,
    };
    Ok(proposal::give(tx, of.id, &given).await?)
}

fn same(shown: Option<Digest>, ends: &UndoPlan) -> Result<(), Error> {
    if shown.is_none_or(|shown| shown == ends.digest) {
        return Ok(());
    }
    Err(Error::refused(
        "plan_changed",
        "Something has changed since you looked",
        "Nothing was done. Look at what ending the link would do now, and decide again.",
    ))
}

/// Each operator for themselves: not at the machine in somebody's name.
fn require_in_person(principal: &Principal, side: Side) -> Result<(), Error> {
    if principal.through() == Through::Own { Ok(()) } else { Err(somebody_else(side)) }
}

fn require_reason(given: &str) -> Result<String, Error> {
    reason::check(Some(given))?.ok_or_else(|| Error::field("reason", "say why: everybody concerned reads it"))
}

fn not_linked() -> Error {
    Error::refused(
        "not_linked",
        "It is not linked",
        "The workspace is not linked, or no longer to that organization: there is nothing to end.",
    )
}
