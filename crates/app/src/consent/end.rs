//! Ends proposals without a link: somebody says no, takes it back, or its time has passed. And reminds.

use orglink_domain::access_request::check_text;
use orglink_domain::consent::{Proposal, ProposalState};
use orglink_domain::event::{Actor, EventType};
use orglink_store::{StoreError, in_write, proposal};
use serde_json::json;

use super::{keep, not_open, note};
use crate::tenant::ProposalProof;
use crate::{App, Error, Principal};

/// How many one transaction ends.
const BATCH: i64 = 200;

/// Says no, and why; the side that proposed reads the reason.
///
/// # Errors
/// `NotFound` for whoever is not concerned; `proposal_not_open`; `withdraw_instead`; bad input without a reason.
pub async fn decline(app: &App, principal: &Principal, reference: &str, reason: &str) -> Result<Proposal, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let proof = ProposalProof::load(app, tx, principal, reference).await?;
        let mine = proof.sides(app);
        let (found, at) = (proof.proposal, app.now());
        let asked = found.sides(app.settings.consent_rule());
        if !mine.iter().any(|side| asked.contains(side)) {
            let needed = "You need to be one of those who are asked to agree.".to_owned();
            return Err(Error::forbidden("not_allowed", "You may not do this", &[needed]));
        }
        if mine.iter().filter(|side| asked.contains(side)).all(|side| *side == found.proposed_from) {
            return Err(Error::refused(
                "withdraw_instead",
                "Your side proposed it",
                "What your own side proposed is withdrawn, not declined.",
            ));
        }
        let reason = check_text(reason).map_err(|e| Error::field("reason", e.to_string()))?;
        let reason = reason.ok_or_else(|| Error::field("reason", "say why: whoever proposed it reads it"))?;
        let declined = found.decline(me, reason, at).map_err(not_open)?;
        keep(app, tx, principal.actor(), &declined, at).await?;
        Ok::<Proposal, Error>(declined)
    })
}

/// The side that proposed takes it back, whoever of it does.
///
/// # Errors
/// `NotFound` for whoever is not concerned; `decline_instead` for the other side; `proposal_not_open`.
pub async fn withdraw(app: &App, principal: &Principal, reference: &str) -> Result<Proposal, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let proof = ProposalProof::load(app, tx, principal, reference).await?;
        require_proposer(app, &proof, "decline_instead", "What the other side proposed is declined, not withdrawn.")?;
        let at = app.now();
        let withdrawn = proof.proposal.end(ProposalState::Withdrawn, Some(me), at).map_err(not_open)?;
        keep(app, tx, principal.actor(), &withdrawn, at).await?;
        Ok::<Proposal, Error>(withdrawn)
    })
}

/// Asks those who have not agreed again, once a day at most.
///
/// # Errors
/// `NotFound` for whoever is not concerned; a refusal for the other side; `proposal_not_open`; `reminded_already`.
pub async fn remind(app: &App, principal: &Principal, reference: &str) -> Result<Proposal, Error> {
    principal.account()?;
    in_write!(app.db, tx, {
        let proof = ProposalProof::load(app, tx, principal, reference).await?;
        require_proposer(app, &proof, "not_allowed", "Only the side that proposed it reminds the others.")?;
        let (found, at) = (proof.proposal, app.now());
        if found.state_at(at) != ProposalState::Open {
            return Err(not_open(orglink_domain::consent::NotOpen(found.state_at(at))));
        }
        let earliest = found.reminded_at.unwrap_or(found.created_at).plus_seconds(Proposal::REMINDER_SECONDS);
        if at < earliest {
            return Err(Error::refused(
                "reminded_already",
                "They were told within the last day",
                format!("They can be reminded from {} on.", earliest.to_minute()),
            ));
        }
        if !proposal::change_reminded(tx, found.id, at).await? {
            return Err(StoreError::Conflict.into());
        }
        note(app, tx, principal.actor(), EventType::ProposalReminded, &found, json!({}), at).await?;
        Ok::<Proposal, Error>(Proposal { reminded_at: Some(at), ..found })
    })
}

fn require_proposer(app: &App, proof: &ProposalProof, code: &'static str, detail: &str) -> Result<(), Error> {
    if proof.sides(app).contains(&proof.proposal.proposed_from) {
        return Ok(());
    }
    Err(Error::refused(code, "Your side did not propose it", detail))
}

/// Notes which proposals have expired, and which are of no use any more because the workspace was linked otherwise or one of
/// the two is gone; how many.
///
/// # Errors
/// When the database is not reachable.
pub async fn expire_due(app: &App) -> Result<usize, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let due = proposal::list_due(tx, at, BATCH).await?;
        let moot = proposal::list_moot(tx, at, BATCH).await?;
        let count = due.len() + moot.len();
        for found in due {
            keep(app, tx, Actor::SYSTEM, &found.expire(at).map_err(not_open)?, at).await?;
        }
        for found in moot {
            let ended = found.end(ProposalState::Superseded, None, at).map_err(not_open)?;
            keep(app, tx, Actor::SYSTEM, &ended, at).await?;
        }
        Ok::<usize, Error>(count)
    })
}
