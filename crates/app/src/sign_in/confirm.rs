//! Whoever is signed in proves again that it is them, before what cannot be undone.

use orglink_domain::event::EventType;
use orglink_store::{in_write, session};
use serde_json::json;

use super::attempts::Attempts;
use super::with_passkey::{prove, refused};
use super::with_password::check_password;
use super::{Device, SignedIn, append_own};
use crate::{App, Error};

/// By their password.
///
/// # Errors
/// `wrong_credentials`; `TooManyAttempts` with the seconds to wait, counted together with signing in.
pub async fn confirm_with_password(
    app: &App,
    signed_in: &SignedIn,
    password: &str,
    device: &Device,
) -> Result<(), Error> {
    let account = signed_in.principal.account()?;
    let at = app.now();
    let attempts = Attempts::at_signing_in(app, &account.email, &device.address);
    let found = check_password(app, &account.email, password, &attempts).await?;
    in_write!(app.db, tx, {
        attempts.succeed(tx).await?;
        if !session::confirm(tx, signed_in.session_id, at).await? {
            return Err(Error::SignedOut);
        }
        append_own(app, tx, found.id, EventType::SessionConfirmed, json!({ "by": "password" }), at).await
    })
}

/// By one of their passkeys.
///
/// # Errors
/// `passkey_not_accepted`, also for the passkey of somebody else.
pub async fn confirm_with_passkey(app: &App, signed_in: &SignedIn, question: &str, answer: &str) -> Result<(), Error> {
    let me = signed_in.principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let account = match prove(app, tx, question, answer, at).await? {
            Ok(account) if account.id == me => account,
            Ok(_) => return Ok(Err(refused())),
            Err(e) => return Ok(Err(e)),
        };
        if !session::confirm(tx, signed_in.session_id, at).await? {
            return Err(Error::SignedOut);
        }
        append_own(app, tx, account.id, EventType::SessionConfirmed, json!({ "by": "passkey" }), at).await?;
        Ok::<_, Error>(Ok(()))
    })?
}
