//! More time for one workspace, as long as there is some to give.

use orglink_domain::campaign::{Calendar, CampaignState, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::event::{EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::campaign::{self, Postponed};
use orglink_store::{Tx, event, in_write, workspace};
use serde_json::{Value, json};

use super::outlook::of_purpose;
use super::prefer::already_linked;
use super::tell::calendar_of;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal, reason};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct NewPostponement {
    /// Not linked, or migrated, by itself before this day ends.
    pub until: Day,
    pub reason: String,
}

/// Gives a workspace more time; until when.
///
/// # Errors
/// `already_linked`; `no_campaign`; `campaign_decided` once the link-by day has ended; `postponement_budget_spent`; bad input for a day that is too
/// early or too late.
pub async fn postpone(
    app: &App,
    principal: &Principal,
    reference: &str,
    purpose: Purpose,
    wanted: &NewPostponement,
) -> Result<Timestamp, Error> {
    let account = principal.account()?.id;
    let Some(reason) = reason::check(Some(&wanted.reason))? else {
        return Err(Error::field("reason", "say why: the operator reads it"));
    };
    let at = app.now();
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::PostponeLinking).await?;
        let w = proof.workspace().clone();
        if purpose == Purpose::Link && proof.link().is_some() {
            return Err(already_linked());
        }
        let of = open_campaign(tx, purpose).await?;
        let calendar = calendar_of(&of.definition)?;
        require_in_time(&calendar, at)?;
        let policy = &of.definition.postponement;
        let until = wanted.until.plus(1).and_then(|day| day.starts_in(&calendar.zone));
        let until = until.ok_or_else(|| Error::field("until", "is out of range"))?;
        let latest = calendar.automatic_at.plus_seconds(policy.longest.as_seconds());
        if until <= calendar.automatic_at {
            let detail = match purpose {
                Purpose::Link => format!("nothing is linked by itself before {}", of.definition.automatic_from),
                Purpose::Billing => format!("no billing migrates before {}", of.definition.automatic_from),
                Purpose::Users => format!("no users migrate before {}", of.definition.automatic_from),
            };
            return Err(Error::field("until", detail));
        }
        let used = campaign::count_postponements(tx, &of, w.id).await?;
        if used >= i64::from(policy.budget) {
            return Err(Error::refused(
                "postponement_budget_spent",
                "There is no more time to give",
                match purpose {
                    Purpose::Link => {
                        "The operator lets only so many workspaces have more time, and they have it. Link the workspace, or say where it is to go."
                    }
                    Purpose::Billing | Purpose::Users => {
                        "The operator lets only so many workspaces have more time, and they have it. Ask the operator."
                    }
                },
            ));
        }
        if until > latest {
            let longest = policy.longest.to_words();
            return Err(Error::field("until", format!("at most {longest} after {}", of.definition.automatic_from)));
        }
        if !workspace::guard(tx, w.id, w.version).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        let new = Postponed { until, reason: reason.clone(), asked_by: account, created_at: at };
        campaign::create_postponement(tx, of.id, w.id, &new).await?;
        let payload =
            json!({ "until": until, "reason": reason, "purpose": purpose, "campaign": { "name": of.definition.name } });
        append(app, tx, principal, (w.id, w.version), EventType::LinkingPostponed, payload).await?;
        Ok(until)
    })
}

/// Gives the time back.
///
/// # Errors
/// `no_campaign`; `NotFound` when there is none.
pub async fn withdraw_postponement(
    app: &App,
    principal: &Principal,
    reference: &str,
    purpose: Purpose,
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::PostponeLinking).await?;
        let w = proof.workspace().clone();
        let of = open_campaign(tx, purpose).await?;
        if !campaign::delete_postponement(tx, of.id, w.id).await? {
            return Err(Error::not_found("postponement", &w.slug));
        }
        if !workspace::guard(tx, w.id, w.version).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        let payload = json!({ "purpose": purpose, "campaign": { "name": of.definition.name } });
        append(app, tx, principal, (w.id, w.version), EventType::PostponementWithdrawn, payload).await
    })
}

/// The campaign of a purpose, while people can still ask for something.
///
/// # Errors
/// `no_campaign`; `campaign_decided`.
pub(crate) async fn open_campaign(tx: &mut Tx, purpose: Purpose) -> Result<orglink_domain::campaign::Campaign, Error> {
    let Some(of) = of_purpose(tx, purpose).await? else {
        let detail = match purpose {
            Purpose::Link => "Nothing is linked by itself.",
            Purpose::Billing => "No billing is about to migrate.",
            Purpose::Users => "No users are about to migrate.",
        };
        return Err(Error::refused("no_campaign", "There is no campaign", detail));
    };
    if !matches!(of.state, CampaignState::Announced | CampaignState::Open) {
        return Err(too_late());
    }
    Ok(of)
}

/// The last day on which people can ask for something has not ended, whether or not that was noted already.
///
/// # Errors
/// `campaign_decided`.
pub(crate) fn require_in_time(calendar: &Calendar, now: Timestamp) -> Result<(), Error> {
    if calendar.closes_at <= now { Err(too_late()) } else { Ok(()) }
}

fn too_late() -> Error {
    Error::refused(
        "campaign_decided",
        "It is too late to ask",
        "The last day to ask has ended, and what becomes of every workspace is being decided.",
    )
}

async fn append(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (id, version): (orglink_domain::id::WorkspaceId, i64),
    kind: EventType,
    payload: Value,
) -> Result<(), Error> {
    let happened = NewEvent { kind, organization_id: None, workspace_id: Some(id), payload };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, Some(version + 1)).await?;
    app.feed.poke();
    Ok(())
}
