//! Signs somebody in by e-mail address and one of the recovery codes they put away, when they have nothing else left.
//! An unknown address looks and takes the same.

use orglink_domain::event::EventType;
use orglink_store::{account, in_write, session, sign_in};
use serde_json::json;

use super::attempts::Attempts;
use super::{Device, append_own, open_session};
use crate::recovery_code::hash_of_code;
use crate::secret::Secret;
use crate::{App, Error};

/// Uses a code up, ends every other session and signs in; the secret of the new session.
///
/// # Errors
/// `wrong_credentials`, the same for an unknown address, a wrong or used code and a suspended account;
/// `TooManyAttempts` with the seconds to wait.
pub async fn sign_in_with_recovery_code(app: &App, email: &str, code: &str, device: &Device) -> Result<Secret, Error> {
    let at = app.now();
    let attempts = Attempts::of(app, "recovery", email, super::attempts::GUESSES, &device.address);
    // What was tried stays counted, also when it was wrong.
    let opened = in_write!(app.db, tx, {
        attempts.record(tx, at).await?;
        let found = account::find_by_email(tx, email).await?;
        let id = found.as_ref().map_or(super::NOBODY, |a| a.id);
        let can_be_used = found.as_ref().is_some_and(|a| !a.is_suspended);
        let hash = hash_of_code(id, if can_be_used { code } else { "" });
        let is_used = sign_in::use_recovery_code(tx, id, &hash, at).await?;
        let Some(account) = found.filter(|_| is_used) else { return Ok(None) };
        attempts.succeed(tx).await?;
        session::delete_all(tx, id).await?;
        let (left, _) = sign_in::count_recovery_codes(tx, id).await?;
        append_own(app, tx, id, EventType::RecoveryCodeUsed, json!({ "account": id, "left": left }), at).await?;
        Ok::<_, Error>(Some(open_session(app, tx, &account, "recovery code", device, at).await?))
    })?;
    opened.ok_or_else(|| {
        Error::refused("wrong_credentials", "That did not work", "The e-mail address or the code is not right.")
    })
}
