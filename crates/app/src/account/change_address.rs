//! An account's e-mail address: proven to be its owner's, or changed to another that is proven first.

use orglink_domain::account::Account;
use orglink_domain::event::EventType;
use orglink_domain::name::check_email;
use orglink_mail::{SecurityChange, SecurityChanged, VerifyAddress};
use orglink_store::account::AddressChange;
use orglink_store::mail::Addressee;
use orglink_store::{account, in_write};
use serde_json::json;

use super::{append, reconsider};
use crate::notify::send_mail;
use crate::sign_in::Device;
use crate::sign_in::attempts::{Attempts, MAILS};
use crate::{App, Error, Principal, domain_claim, one_time};

/// What the secret in the mail is for.
const PURPOSE: &str = "verify_address";
/// How long the proof may take.
const PROOF_SECONDS: i64 = 24 * 60 * 60;

/// Sends a proof to an address that the one who asks wants as theirs, or that is theirs and not proven yet. It becomes
/// theirs when they follow it. Nothing is said about whether it is somebody else's.
///
/// # Errors
/// Bad input that says which field; `TooManyAttempts`.
pub async fn ask_for_address(app: &App, principal: &Principal, email: &str, device: &Device) -> Result<(), Error> {
    let email = check_email(email.trim()).map_err(|e| Error::field("email", e.to_string()))?;
    let id = principal.account()?.id;
    let at = app.now();
    let attempts = Attempts::of(app, "address", &id.to_string(), MAILS, &device.address);
    let change = AddressChange { id: app.new_id(at), account_id: id, email: email.to_owned() };
    in_write!(app.db, tx, {
        attempts.record(tx, at).await?;
        account::save_address_change(tx, &change, at).await?;
        let says = VerifyAddress { change: change.id, email: email.to_owned(), lasts_seconds: PROOF_SECONDS };
        send_mail(app, tx, Addressee::Address(email.to_owned()), says).await?;
        append(app, tx, principal, EventType::AccountAddressAsked, json!({ "account": id }), at).await
    })
}

/// No longer wants the other address; its proof is worth nothing any more.
///
/// # Errors
/// `NotFound` when they want none.
pub async fn withdraw_address(app: &App, principal: &Principal) -> Result<(), Error> {
    let id = principal.account()?.id;
    in_write!(app.db, tx, {
        if !account::delete_address_change(tx, id).await? {
            return Err(Error::not_found("address", "wanted"));
        }
        Ok(())
    })
}

fn ended() -> Error {
    Error::refused(
        "link_not_valid",
        "This link does not work any more",
        "It was used already, has expired, or another address was asked for since. Ask for a new one.",
    )
}

/// Which address following a proof would prove; does nothing.
///
/// # Errors
/// `link_not_valid`.
pub async fn find_address_proof(app: &App, secret: &str) -> Result<String, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = one_time::find(&mut tx, PURPOSE, secret, app.now()).await?.ok_or_else(ended)?;
    Ok(account::find_address_change_by_id(&mut tx, found.subject_id).await?.ok_or_else(ended)?.email)
}

/// The address is proven: it is the account's from now on, and the one it had is told.
///
/// # Errors
/// `link_not_valid`; `address_taken` when it is another account's by now.
pub async fn prove_address(app: &App, secret: &str) -> Result<(), Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let used = one_time::redeem(tx, PURPOSE, secret, at).await?.ok_or_else(ended)?;
        let change = account::find_address_change_by_id(tx, used.subject_id).await?.ok_or_else(ended)?;
        let before = account::find(tx, change.account_id).await?.filter(|a| !a.is_suspended).ok_or_else(ended)?;
        if !account::change_email(tx, before.id, &change.email).await? {
            return Err(Error::refused(
                "address_taken",
                "This address is another account's",
                "Sign in with that account, or choose another address.",
            ));
        }
        account::delete_address_change(tx, before.id).await?;
        let me = Principal::session(before.clone());
        let after = Account { email: change.email.clone(), ..before.clone() };
        domain_claim::address_changed(app, tx, &me, &after).await?;
        if !before.is_verified {
            reconsider(app, tx, &me, before.id).await?;
        }
        if before.is_verified && !before.email.eq_ignore_ascii_case(&change.email) {
            let says = SecurityChanged { what: SecurityChange::AddressChanged, at };
            send_mail(app, tx, Addressee::Address(before.email.clone()), says).await?;
        }
        append(app, tx, &me, EventType::AccountAddressProven, json!({ "account": before.id }), at).await
    })
}
