//! Ends a recovery: somebody concerned says no, or the one who asked no longer wants it.

use orglink_policy::Action;
use orglink_store::in_write;

use super::view_recovery::Seen;
use super::{check_reason, keep, refused};
use crate::{App, Error, Principal};

/// Says no, with a reason that the one who asked reads.
///
/// # Errors
/// `NotFound`; a refusal for whoever is not concerned; `recovery_ended`.
pub async fn object_to_recovery(app: &App, principal: &Principal, reference: &str, reason: &str) -> Result<(), Error> {
    let reason = check_reason(reason)?;
    let who = principal.account()?.id;
    in_write!(app.db, tx, {
        let seen = Seen::load(app, tx, principal, reference).await?;
        app.require(Action::ObjectToRecovery, seen.standing)?;
        let (before, at) = (seen.recovery.state, app.now());
        let after = seen.recovery.object(who, reason, at).map_err(refused)?;
        keep(app, tx, principal, before, &after, at).await
    })
}

/// No longer asks.
///
/// # Errors
/// `NotFound`; a refusal for anybody but whoever asked or proposed; `recovery_ended`.
pub async fn withdraw_recovery(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let seen = Seen::load(app, tx, principal, reference).await?;
        seen.require_own(principal)?;
        let (before, at) = (seen.recovery.state, app.now());
        let after = seen.recovery.withdraw(at).map_err(refused)?;
        keep(app, tx, principal, before, &after, at).await
    })
}
