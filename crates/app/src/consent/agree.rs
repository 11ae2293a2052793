//! Agrees for one side. The last consent that was missing makes the link, in the same transaction.

use orglink_domain::consent::{Agreement, Given, Proposal, ProposalState, Side};
use orglink_domain::digest::Digest;
use orglink_domain::event::EventType;
use orglink_domain::id::{LinkId, ProposalId};
use orglink_domain::link::Act;
use orglink_domain::name::fold;
use orglink_store::{StoreError, Tx, account, fault, in_write, pair, plan, proposal};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::propose::same_plan;
use super::{keep, not_open, note, require_proposals, unlink, users};
use crate::idempotency::{Answered, Attempt};
use crate::link::{
    Acknowledge, Agreed, PlannedPair, acknowledged, guard_pair, link_of, make_link, refuse_ineligible, together,
};
use crate::tenant::ProposalProof;
use crate::{App, Error, Principal};

/// What somebody agrees to.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentRequest {
    /// The plan that was shown; without one, whatever the plan is now.
    pub plan_digest: Option<Digest>,
    pub acknowledge: Acknowledge,
    /// For which side, by whoever can speak for several.
    pub side: Option<Side>,
    /// Why, of an operator who ends a link.
    pub reason: Option<String>,
}

/// The answer to a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    pub proposal: ProposalId,
    pub side: Side,
    pub plan_digest: Digest,
    /// The sides that are still to agree; none when it is linked now.
    pub missing: Vec<Side>,
    pub link: Option<LinkId>,
    pub workspace: String,
    pub organization: String,
}

/// Agrees to a proposal.
///
/// # Errors
/// `NotFound` for whoever is not concerned; `proposal_not_open`; every reason of eligibility; `plan_changed`, with the differences;
/// `warnings_not_acknowledged`; `second_person_required`; a refusal for whoever can agree for no side.
pub async fn consent(
    app: &App,
    principal: &Principal,
    reference: &str,
    request: &ConsentRequest,
    idempotency_key: Option<&str>,
) -> Result<Answered<Consented>, Error> {
    let me = principal.account()?.id;
    let attempt = Attempt::new(principal, "consent", idempotency_key, &(reference, request))?;
    let answered: Answered<Consented> = in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let proof = ProposalProof::load(app, tx, principal, reference).await?;
        require_proposals(app, proof.proposal.act)?;
        let sides = proof.sides(app);
        let (found, at) = (proof.proposal.clone(), app.now());
        if found.state_at(at) != ProposalState::Open {
            return Err(not_open(orglink_domain::consent::NotOpen(found.state_at(at))));
        }
        if found.act == Act::Unlink {
            let asked = (request.side, request.plan_digest, request.reason.as_deref());
            let answer = unlink::agree(app, tx, principal, proof, asked).await?;
            return attempt.keep(tx, &answer, at).await;
        }
        if found.act == Act::MigrateUsers {
            let answer = users::agree(app, tx, principal, proof, request).await?;
            return attempt.keep(tx, &answer, at).await;
        }
        let pair = PlannedPair::of(app, tx, principal, proof.workspace, proof.organization, found.act).await?;
        is_where_it_was(&found, &pair)?;
        let before = agreements(app, tx, &found, &pair.plan.digest).await?;
        let side = choose(request.side, &sides, &before)?;
        refuse_ineligible(&pair)?;
        same_plan(tx, request.plan_digest, &pair).await?;
        let mine = Given {
            side,
            account: me,
            through: principal.through(),
            plan_digest: pair.plan.digest,
            acknowledged: acknowledged(&request.acknowledge, &pair)?,
            reason: None,
            at,
        };
        let (w, o) = (pair.workspace.workspace(), pair.organization.organization());
        if !guard_pair(tx, &pair).await? {
            return Err(StoreError::Conflict.into());
        }
        plan::create_if_missing(tx, &pair.stored(at)).await?;
        proposal::give(tx, found.id, &mine).await?;
        let now = agreements(app, tx, &found, &pair.plan.digest).await?;
        if now.iter().any(|(of, agreement)| *of == side && *agreement == Agreement::NotASecondPerson) {
            return Err(somebody_else(side));
        }
        let missing: Vec<Side> =
            now.iter().filter(|(_, agreement)| *agreement != Agreement::Given).map(|(side, _)| *side).collect();
        let payload = json!({
            "act": found.act, "side": side, "plan_digest": mine.plan_digest, "acknowledged": mine.acknowledged, "missing": missing,
            "workspace": { "id": w.id, "slug": w.slug }, "organization": { "id": o.id, "slug": o.slug },
        });
        note(app, tx, principal.actor(), EventType::ProposalConsented, &found, payload, at).await?;
        fault::point("consent.given");
        let (workspace, organization) = (w.slug.clone(), o.slug.clone());
        let mut link = None;
        if missing.is_empty() {
            let given = proposal::list_given(tx, found.id).await?;
            let made = link_of(app, principal, me, &pair, mine.acknowledged.clone());
            let origin = json!({ "id": found.id, "proposed_by": found.proposed_by });
            let agreed = Agreed { consents: together(&given), proposal: Some(origin), changes_since_plan: &[] };
            make_link(app, tx, principal.actor(), &pair, &made, agreed).await.map_err(|e| match e {
                Error::Stale => StoreError::Conflict.into(),
                other => other,
            })?;
            link = Some(made.id);
            let linked = found.clone().end(ProposalState::Done, Some(me), at).map_err(not_open)?;
            keep(app, tx, principal.actor(), &linked, at).await?;
        }
        let answer = Consented {
            proposal: found.id,
            side,
            plan_digest: mine.plan_digest,
            missing,
            link,
            workspace,
            organization,
        };
        attempt.keep(tx, &answer, at).await
    })?;
    fault::point("consent.committed");
    app.feed.poke();
    Ok(answered)
}

/// What is to be moved is still where it was when that was proposed.
pub(super) fn is_where_it_was(of: &Proposal, pair: &PlannedPair) -> Result<(), Error> {
    if of.source_id == pair.leaves.as_ref().map(|(_, source)| source.id) {
        return Ok(());
    }
    Err(Error::refused(
        "not_linked",
        "It is not linked there any more",
        "The workspace is no longer linked to the organization that it was to be moved from. Nothing was done.",
    ))
}

/// The side that somebody agrees for: the one they say, or the first of theirs that is still wanted.
pub(super) fn choose(wanted: Option<Side>, mine: &[Side], agreements: &[(Side, Agreement)]) -> Result<Side, Error> {
    let asked: Vec<Side> = agreements.iter().map(|(side, _)| *side).filter(|side| mine.contains(side)).collect();
    if let Some(side) = wanted {
        if asked.contains(&side) {
            return Ok(side);
        }
        return Err(Error::field("side", format!("you cannot agree for this side; it takes {}", side.who())));
    }
    let open = agreements.iter().find(|(side, agreement)| asked.contains(side) && *agreement != Agreement::Given);
    match open {
        Some((side, _)) => Ok(*side),
        None if asked.is_empty() => Err(Error::forbidden(
            "not_allowed",
            "You may not do this",
            &["You can agree for no side of it.".to_owned()],
        )),
        None => Err(Error::refused(
            "already_agreed",
            "Your side has agreed already",
            "Your side has agreed to the plan as it is. It waits for the others.",
        )),
    }
}

pub(crate) fn somebody_else(side: Side) -> Error {
    Error::refused(
        "second_person_required",
        "It takes somebody else",
        format!(
            "For {} it takes {} who has not agreed for another side, in person: what an operator does in somebody's name is \
             nobody's second consent. Nothing was done.",
            side.title(),
            side.who()
        ),
    )
}

/// What each side's consent is worth now: for this plan, by people who may still speak for it.
pub(super) async fn agreements(
    app: &App,
    tx: &mut Tx,
    of: &Proposal,
    plan: &Digest,
) -> Result<Vec<(Side, Agreement)>, Error> {
    let given = proposal::list_given(tx, of.id).await?;
    let mut weighed = of.weigh(app.settings.consent_rule(), &given, *plan);
    for (side, agreement) in &mut weighed {
        let Some(consent) = given.iter().find(|g| g.side == *side) else { continue };
        if !is_entitled(tx, of, consent).await? {
            *agreement = Agreement::NoLongerEntitled;
        }
    }
    Ok(weighed)
}

/// Whether whoever agreed may still speak for that side.
async fn is_entitled(tx: &mut Tx, of: &Proposal, consent: &Given) -> Result<bool, Error> {
    if consent.side == Side::Payer {
        let found = account::find(tx, consent.account).await?.filter(|a| a.is_verified && !a.is_suspended);
        return Ok(found.is_some_and(|a| of.payer.as_deref().is_some_and(|p| fold(p) == fold(&a.email))));
    }
    if matches!(consent.side, Side::Operator | Side::SecondOperator) {
        let found = account::find(tx, consent.account).await?.filter(|a| a.is_operator && !a.is_suspended);
        return Ok(found.is_some());
    }
    let organization = match consent.side {
        Side::Source => of.source_id.unwrap_or(of.organization_id),
        _ => of.organization_id,
    };
    let standing = pair::find_standing(tx, of.workspace_id, organization, consent.account).await?;
    let administers = match consent.side {
        Side::Workspace => standing.administers_workspace,
        _ => standing.administers_organization,
    };
    Ok(standing.is_verified && administers)
}
