//! Asks to become admin of what nobody can administer any more.

use orglink_domain::account::Account;
use orglink_domain::event::EventType;
use orglink_domain::id::{AccountId, RecoveryId};
use orglink_domain::recovery::{Recovery, RecoveryState, RecoveryWay};
use orglink_policy::Action;
use orglink_store::{Tx, account, in_write, recovery};
use serde::Serialize;

use super::place::{Place, PlaceReference, domain_of};
use super::{append, check_reason, has_active_admin};
use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Principal};

/// What somebody asks for.
#[derive(Debug, Clone, Serialize)]
pub struct NewRecovery {
    pub place: PlaceReference,
    /// Why; everybody concerned reads it.
    pub reason: String,
}

/// How many times a day one may ask.
const MOST_A_DAY: i64 = 5;

/// Asks for oneself, with the promise to show control of the domain of one's own address.
///
/// # Errors
/// `NotFound` for whoever has nothing to do with it; a refusal for whoever has no address at a domain of it;
/// `has_active_admin`; `recovery_open`; `too_many_recoveries`.
pub async fn request_recovery(
    app: &App,
    principal: &Principal,
    wanted: &NewRecovery,
    idempotency_key: Option<&str>,
) -> Result<Answered<RecoveryId>, Error> {
    let reason = check_reason(&wanted.reason)?;
    let who = principal.account()?;
    let attempt = Attempt::new(principal, "request_recovery", idempotency_key, wanted)?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let place = Place::load(app, tx, principal, &wanted.place, Action::RequestRecovery).await?;
        let (way, domain) = (RecoveryWay::Domain, Some(domain_of(who)));
        let made = Recovery { domain, ..new(app, &place, who.id, way, reason) };
        create(app, tx, principal, &place, &made).await?;
        attempt.keep(tx, &made.id, made.created_at).await
    })
}

/// Proposes somebody, as an operator; another operator must approve.
///
/// # Errors
/// A refusal for anybody but an operator; `NotFound` for the place or the account; `account_cannot_act`;
/// `has_active_admin`; `recovery_open`; `too_many_recoveries`.
pub async fn propose_recovery(
    app: &App,
    principal: &Principal,
    wanted: &NewRecovery,
    email: &str,
    idempotency_key: Option<&str>,
) -> Result<Answered<RecoveryId>, Error> {
    app.require(Action::ProposeRecovery, principal.standing())?;
    let reason = check_reason(&wanted.reason)?;
    let proposer = principal.account()?.id;
    let attempt = Attempt::new(principal, "propose_recovery", idempotency_key, &(wanted, email))?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let place = Place::load(app, tx, principal, &wanted.place, Action::ProposeRecovery).await?;
        let found = account::find_by_email(tx, email.trim()).await?;
        let who: Account = found.ok_or_else(|| Error::not_found("account", email))?;
        let way = RecoveryWay::Operators;
        let made = Recovery { proposed_by: Some(proposer), ..new(app, &place, who.id, way, reason) };
        create(app, tx, principal, &place, &made).await?;
        attempt.keep(tx, &made.id, made.created_at).await
    })
}

fn new(app: &App, place: &Place, account_id: AccountId, way: RecoveryWay, reason: &str) -> Recovery {
    let at = app.now();
    Recovery {
        id: RecoveryId(app.new_id(at)),
        place: place.id,
        account_id,
        way,
        domain: None,
        proposed_by: None,
        approved_by: None,
        reason: reason.to_owned(),
        state: RecoveryState::Requested,
        created_at: at,
        expires_at: at.plus_seconds(app.settings.recovery.proof_seconds),
        applies_at: None,
        ended_at: None,
        ended_by: None,
        objection: None,
    }
}

async fn create(app: &App, tx: &mut Tx, principal: &Principal, place: &Place, made: &Recovery) -> Result<(), Error> {
    if place.has_active_admin(tx).await? {
        return Err(has_active_admin());
    }
    if !account::find(tx, made.account_id).await?.is_some_and(|a| a.is_active_person()) {
        return Err(Error::refused(
            "account_cannot_act",
            "This account cannot administer anything",
            "Only a person with a verified address who may sign in can become admin. Nothing was done.",
        ));
    }
    let since = made.created_at.plus_seconds(-24 * 60 * 60);
    if recovery::count_recent(tx, made.account_id, since).await? >= MOST_A_DAY {
        return Err(Error::refused(
            "too_many_recoveries",
            "Too many within a day",
            format!("At most {MOST_A_DAY} recoveries a day can be asked for one account. Wait until tomorrow."),
        ));
    }
    if !recovery::create(tx, made).await? {
        return Err(Error::refused(
            "recovery_open",
            "This is asked for already",
            "There is an open recovery of this place for this account. Go on with that one, or withdraw it.",
        ));
    }
    append(app, tx, principal, EventType::RecoveryRequested, made, made.created_at).await
}
