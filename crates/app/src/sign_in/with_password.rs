//! Signs somebody in by e-mail address and password. An unknown address looks and takes the same.

use orglink_domain::account::Account;
use orglink_store::{account, in_write};

use super::attempts::Attempts;
use super::{Device, open_session};
use crate::secret::Secret;
use crate::{App, Error};

/// Signs in; the secret of the new session.
///
/// # Errors
/// `wrong_credentials`, the same for an unknown address, a wrong password and a suspended account; `TooManyAttempts`
/// with the seconds to wait.
pub async fn sign_in_with_password(app: &App, email: &str, password: &str, device: &Device) -> Result<Secret, Error> {
    let at = app.now();
    let attempts = Attempts::at_signing_in(app, email, &device.address);
    let account = check_password(app, email, password, &attempts).await?;
    in_write!(app.db, tx, {
        attempts.succeed(tx).await?;
        open_session(app, tx, &account, "password", device, at).await
    })
}

/// The account whose password this is.
pub(super) async fn check_password(
    app: &App,
    email: &str,
    password: &str,
    attempts: &Attempts,
) -> Result<Account, Error> {
    let at = app.now();
    let (account, hash) = in_write!(app.db, tx, {
        attempts.record(tx, at).await?;
        let account = account::find_by_email(tx, email).await?;
        // Nobody's password is looked for all the same: the same statements, whoever it is.
        let id = account.as_ref().map_or(super::NOBODY, |a| a.id);
        let hash = account::find_password(tx, id).await?;
        Ok::<_, Error>((account, hash))
    })?;
    let is_right = app.passwords.verify(password, hash).await?;
    account.filter(|a| is_right && !a.is_suspended).ok_or_else(|| {
        Error::refused("wrong_credentials", "That did not work", "The e-mail address or the password is not right.")
    })
}
