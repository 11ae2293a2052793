//! Recovery of organizations and workspaces that nobody can administer any more: asked for, shown, waited for with
//! time to object, applied.

mod apply_recovery;
mod end_recovery;
mod place;
mod request_recovery;
mod show_recovery;
mod view_recovery;

pub use apply_recovery::apply_due_recoveries;
pub use end_recovery::{object_to_recovery, withdraw_recovery};
pub use place::PlaceReference;
pub use request_recovery::{NewRecovery, propose_recovery, request_recovery};
pub use show_recovery::{approve_recovery, prove_recovery};
pub use view_recovery::{RecoveryView, list_recoveries, view_recovery};

use orglink_domain::clock::Timestamp;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::recovery::{Recovery, RecoveryRefusal, RecoveryState};
use orglink_store::{Tx, event, recovery};
use serde_json::json;

use crate::{App, Error, Principal};

/// The longest reason.
const MAX_REASON: usize = 1000;

/// A reason that somebody gave.
fn check_reason(given: &str) -> Result<&str, Error> {
    let reason = given.trim();
    let is_plain = reason.chars().all(|c| !c.is_control() || c == '\n');
    if reason.is_empty() || reason.chars().count() > MAX_REASON || !is_plain {
        let detail = format!("say why, in 1 to {MAX_REASON} characters: everybody concerned reads it");
        return Err(Error::field("reason", detail));
    }
    Ok(reason)
}

/// Keeps where a recovery stands now, with its event.
pub(crate) async fn keep(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    before: RecoveryState,
    after: &Recovery,
    at: Timestamp,
) -> Result<(), Error> {
    if !recovery::change(tx, before, after).await? {
        return Err(orglink_store::StoreError::Conflict.into());
    }
    let kind = match after.state {
        RecoveryState::Requested => EventType::RecoveryRequested,
        RecoveryState::Waiting => EventType::RecoveryBegun,
        RecoveryState::Applied => EventType::RecoveryApplied,
        RecoveryState::Objected => EventType::RecoveryObjected,
        RecoveryState::Withdrawn | RecoveryState::Expired | RecoveryState::Superseded => EventType::RecoveryEnded,
    };
    append(app, tx, principal, kind, after, at).await
}

/// What happened to a recovery, as an event of its place.
async fn append(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    kind: EventType,
    recovery: &Recovery,
    at: Timestamp,
) -> Result<(), Error> {
    let payload = json!({
        "recovery": recovery.id, "account": recovery.account_id, "way": recovery.way, "state": recovery.state,
        "domain": recovery.domain, "reason": recovery.reason, "applies_at": recovery.applies_at,
        "objection": recovery.objection,
    });
    let happened = NewEvent {
        kind,
        organization_id: recovery.place.organization(),
        workspace_id: recovery.place.workspace(),
        payload,
    };
    event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
    app.feed.poke();
    Ok(())
}

/// Why it does not go on, as a refusal.
fn refused(why: RecoveryRefusal) -> Error {
    let code = match why {
        RecoveryRefusal::Ended(_) => "recovery_ended",
        RecoveryRefusal::Expired => "recovery_expired",
        RecoveryRefusal::AlreadyShown => "recovery_waits",
        RecoveryRefusal::TooEarly => "recovery_too_early",
        RecoveryRefusal::OtherWay => "recovery_other_way",
        RecoveryRefusal::SamePerson => "second_person_required",
    };
    let detail = why.to_string();
    let mut letters = detail.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    Error::refused(code, "Not as things stand", format!("{first}{}. Nothing was done.", letters.as_str()))
}

fn has_active_admin() -> Error {
    Error::refused(
        "has_active_admin",
        "Somebody can administer it",
        "At least one of its admins can act, so that nothing is to be recovered. Ask an admin instead.",
    )
}
