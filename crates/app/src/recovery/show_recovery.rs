//! Shows that the one who asks may: by a record at the domain, or by a second operator.

use orglink_domain::event::Through;
use orglink_domain::recovery::{Recovery, RecoveryState, record_name, record_text};
use orglink_policy::Action;
use orglink_store::in_write;

use super::view_recovery::Seen;
use super::{has_active_admin, keep, refused};
use crate::{App, Error, Principal};

/// Looks whether the record stands at the domain; if it does, everybody concerned has time to object from now on.
///
/// # Errors
/// `NotFound`; `record_missing` with what was found there; `dns_unavailable`; `has_active_admin`; whatever
/// `RecoveryRefusal` says.
pub async fn prove_recovery(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    let seen = Seen::load(app, &mut tx, principal, reference).await?;
    drop(tx);
    seen.require_own(principal)?;
    let wait = app.settings.recovery.wait_seconds;
    // What cannot go on needs no look at the world.
    seen.recovery.clone().prove(app.now(), wait).map_err(refused)?;
    let domain = seen.recovery.domain.clone().unwrap_or_default();
    let (name, expected) = (record_name(&domain), record_text(seen.recovery.id));
    let texts = app.dns.find_texts(&name).await?;
    if !texts.iter().any(|text| text.trim() == expected) {
        let there = if texts.is_empty() {
            "There is no TXT record there.".to_owned()
        } else {
            let list: Vec<String> = texts.iter().take(3).map(|t| t.chars().take(80).collect()).collect();
            format!("The TXT records there say: {}.", list.join(" · "))
        };
        return Err(Error::refused(
            "record_missing",
            "The record is not there (yet)",
            format!("At {name}, a TXT record must say {expected}. {there} New records may take an hour to be seen."),
        ));
    }
    in_write!(app.db, tx, {
        let seen = Seen::load(app, tx, principal, reference).await?;
        let at = app.now();
        let after = seen.recovery.clone().prove(at, wait).map_err(refused)?;
        begin(app, tx, principal, &seen, &after).await
    })
}

/// Approves what another operator proposed; everybody concerned has time to object from now on.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator who is somebody else than whoever proposed it and whoever
/// would become admin, and who acts for themselves; `has_active_admin`; whatever `RecoveryRefusal` says.
pub async fn approve_recovery(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let seen = Seen::load(app, tx, principal, reference).await?;
        app.require(Action::ApproveRecovery, seen.standing)?;
        if principal.through() != Through::Own {
            return Err(Error::refused(
                "second_person_required",
                "A second person must do this",
                "Whoever has the database at hand is not a second person, on whosever behalf. The second operator signs \
                 in and approves, or uses a token of their own.",
            ));
        }
        let wait = app.settings.recovery.wait_seconds;
        let after = seen.recovery.clone().approve(principal.account()?.id, app.now(), wait).map_err(refused)?;
        begin(app, tx, principal, &seen, &after).await
    })
}

async fn begin(
    app: &App,
    tx: &mut orglink_store::Tx,
    principal: &Principal,
    seen: &Seen,
    after: &Recovery,
) -> Result<(), Error> {
    if seen.place.has_active_admin(tx).await? {
        return Err(has_active_admin());
    }
    keep(app, tx, principal, RecoveryState::Requested, after, app.now()).await
}
