//! The migration of a workspace's users as something that two sides agree to: an admin of the workspace and one of its
//! organization, each to the same plan. The last one who was missing has it done there and then.

use orglink_domain::access_request::check_text;
use orglink_domain::consent::{Agreement, Given, Proposal, ProposalState, Side};
use orglink_domain::digest::Digest;
use orglink_domain::event::{Actor, EventType};
use orglink_domain::id::ProposalId;
use orglink_domain::link::Act;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::user_management::Mapping;
use orglink_policy::{Action, Standing};
use orglink_store::{StoreError, Tx, fault, in_write, plan, proposal};
use serde::Serialize;
use serde_json::json;

use super::agree::{ConsentRequest, Consented, agreements, choose, somebody_else};
use super::{keep, not_open, note};
use crate::idempotency::{Answered, Attempt};
use crate::link::{Acknowledge, guard_all, together};
use crate::tenant::ProposalProof;
use crate::user_management::{Agreed, Planned, acknowledged, migrate, refuse_blocked, same_plan, stored};
use crate::{App, Error, Principal};

/// What somebody proposes.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeUsers {
    pub mapping: Mapping,
    /// The plan that was shown; without one, whatever the plan is now.
    pub plan_digest: Option<Digest>,
    pub acknowledge: Acknowledge,
    /// For which side, by whoever administers both; the other must then be somebody else.
    pub side: Option<Side>,
    pub message: Option<String>,
}

/// Proposes the migration of a workspace's users for one side, which is that side's consent; the other's admins hear of it.
///
/// # Errors
/// As planning it; every blocker; `plan_changed`; `warnings_not_acknowledged`; `proposal_open`; a refusal for whoever
/// administers neither side; bad input by field.
pub async fn propose_users(
    app: &App,
    principal: &Principal,
    workspace: &str,
    request: &ProposeUsers,
    idempotency_key: Option<&str>,
) -> Result<Answered<Consented>, Error> {
    let me = principal.account()?.id;
    let attempt = Attempt::new(principal, "propose_users", idempotency_key, &(workspace, request))?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let planned = Planned::read(app, tx, principal, workspace, &request.mapping).await?;
        let side = match (request.side, sides_of(app, principal, &planned).as_slice()) {
            (Some(side), mine) if mine.contains(&side) => side,
            (Some(side), _) => return Err(Error::field("side", format!("you are not {}", side.who()))),
            (None, [side, ..]) => *side,
            (None, []) => return Err(Error::forbidden("not_allowed", "You may not do this", &[side_needed()])),
        };
        refuse_blocked(app, &planned)?;
        same_plan(tx, request.plan_digest, &planned).await?;
        let acknowledged = acknowledged(&request.acknowledge, &planned.plan.warnings)?;
        let text = request.message.as_deref().unwrap_or_default();
        let message = check_text(text).map_err(|e| Error::field("message", e.to_string()))?;
        let (w, o, at) = (&planned.facts.workspace, &planned.facts.organization, app.now());
        if let Some(open) = proposal::find_open(tx, w.id, o.id).await? {
            if open.state_at(at) != ProposalState::Expired {
                let detail = format!("It has been proposed already: agree to the proposal {}, or decline it.", open.id);
                return Err(Error::refused("proposal_open", "It has been proposed already", detail));
            }
            keep(app, tx, Actor::SYSTEM, &open.expire(at).map_err(not_open)?, at).await?;
        }
        let new = Proposal {
            id: ProposalId(app.new_id(at)),
            act: Act::MigrateUsers,
            workspace_id: w.id,
            organization_id: o.id,
            source_id: None,
            proposed_by: me,
            proposed_from: side,
            payer: None,
            message,
            state: ProposalState::Open,
            created_at: at,
            expires_at: at.plus_seconds(app.settings.proposal.lifetime_seconds),
            reminded_at: None,
            ended_at: None,
            ended_by: None,
            reason: None,
        };
        if !guard_all(tx, w, &[o]).await? || !proposal::create(tx, &new).await? {
            return Err(StoreError::Conflict.into());
        }
        plan::create_if_missing(tx, &stored(app, &planned.facts, &planned.plan)).await?;
        let given = given(principal, side, planned.plan.digest, acknowledged, at)?;
        proposal::give(tx, new.id, &given).await?;
        let payload = json!({
            "act": new.act, "plan_digest": given.plan_digest, "side": side, "expires_at": new.expires_at,
            "acknowledged": given.acknowledged,
            "workspace": { "id": w.id, "slug": w.slug }, "organization": { "id": o.id, "slug": o.slug },
        });
        note(app, tx, principal.actor(), EventType::ProposalCreated, &new, payload, at).await?;
        let missing = missing(&agreements(app, tx, &new, &planned.plan.digest).await?);
        let answer = Consented {
            proposal: new.id,
            side,
            plan_digest: given.plan_digest,
            missing,
            link: None,
            workspace: w.slug.clone(),
            organization: o.slug.clone(),
        };
        attempt.keep(tx, &answer, at).await
    })
}

fn given(
    principal: &Principal,
    side: Side,
    plan_digest: Digest,
    acknowledged: Vec<String>,
    at: orglink_domain::clock::Timestamp,
) -> Result<Given, Error> {
    let account = principal.account()?.id;
    Ok(Given { side, account, through: principal.through(), plan_digest, acknowledged, reason: None, at })
}

fn side_needed() -> String {
    "You need to be an admin of the workspace or an admin of the organization, with a verified e-mail address."
        .to_owned()
}

/// Which of the two sides somebody speaks for, each by its own role alone.
fn sides_of(app: &App, principal: &Principal, planned: &Planned) -> Vec<Side> {
    let is_unclaimed = planned.organization.is_unclaimed();
    let nothing = Standing { workspace: WorkspaceRole::None, is_unclaimed, ..principal.standing() };
    let of_workspace = Standing { workspace: planned.workspace.role(), ..nothing };
    let of_organization = Standing { organization: planned.organization.role(), ..nothing };
    [(of_workspace, Side::Workspace), (of_organization, Side::Organization)]
        .into_iter()
        .filter_map(|(standing, side)| app.may(Action::AgreeToLink, standing).then_some(side))
        .collect()
}

fn missing(agreements: &[(Side, Agreement)]) -> Vec<Side> {
    agreements.iter().filter(|(_, a)| *a != Agreement::Given).map(|(side, _)| *side).collect()
}

/// What is proposed, as it would be done now: with the mapping of the plan that the proposer agreed to.
pub(super) async fn plan_of(app: &App, tx: &mut Tx, proof: &ProposalProof) -> Result<Planned, Error> {
    let given = proposal::list_given(tx, proof.proposal.id).await?;
    let first = given.iter().find(|g| g.side == proof.proposal.proposed_from);
    let kept = match first {
        Some(first) => plan::find(tx, &first.plan_digest).await?,
        None => None,
    };
    let mapping = kept.and_then(|kept| serde_json::from_value::<Mapping>(kept.document.get("mapping")?.clone()).ok());
    let mapping = mapping.ok_or_else(|| Error::broken("a proposal of a users migration has no mapping"))?;
    Planned::of(app, tx, (proof.workspace.clone(), proof.organization.clone()), &mapping).await
}

/// Agrees for one side; when it was the last, the users migrate, in the same transaction.
pub(super) async fn agree(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    proof: ProposalProof,
    request: &ConsentRequest,
) -> Result<Consented, Error> {
    let (mine, at) = (proof.sides(app), app.now());
    let planned = plan_of(app, tx, &proof).await?;
    let (found, digest) = (proof.proposal, planned.plan.digest);
    let side = choose(request.side, &mine, &agreements(app, tx, &found, &digest).await?)?;
    refuse_blocked(app, &planned)?;
    same_plan(tx, request.plan_digest, &planned).await?;
    let acknowledged = acknowledged(&request.acknowledge, &planned.plan.warnings)?;
    plan::create_if_missing(tx, &stored(app, &planned.facts, &planned.plan)).await?;
    let my_consent = given(principal, side, digest, acknowledged.clone(), at)?;
    proposal::give(tx, found.id, &my_consent).await?;
    let now = agreements(app, tx, &found, &digest).await?;
    if now.contains(&(side, Agreement::NotASecondPerson)) {
        return Err(somebody_else(side));
    }
    let missing = missing(&now);
    let (w, o) = (&planned.facts.workspace, &planned.facts.organization);
    let payload = json!({
        "act": found.act, "side": side, "plan_digest": digest, "acknowledged": acknowledged, "missing": missing,
        "workspace": { "id": w.id, "slug": w.slug }, "organization": { "id": o.id, "slug": o.slug },
    });
    note(app, tx, principal.actor(), EventType::ProposalConsented, &found, payload, at).await?;
    fault::point("consent.given");
    let mut link = None;
    if missing.is_empty() {
        let all = proposal::list_given(tx, found.id).await?;
        let agreed = Agreed {
            by: my_consent.account,
            consents: together(&all),
            acknowledged,
            proposal: Some(json!({ "id": found.id, "proposed_by": found.proposed_by })),
        };
        link = Some(migrate(app, tx, principal, &planned, agreed).await?.link);
        let done = found.clone().end(ProposalState::Done, Some(my_consent.account), at).map_err(not_open)?;
        keep(app, tx, principal.actor(), &done, at).await?;
    } else if !guard_all(tx, w, &[o]).await? {
        // Whoever agrees for the other side at this moment sees that this one has, or is seen.
        return Err(StoreError::Conflict.into());
    }
    let (workspace, organization) = (w.slug.clone(), o.slug.clone());
    Ok(Consented { proposal: found.id, side, plan_digest: digest, missing, link, workspace, organization })
}
