//! Signs somebody in by e-mail address and password. Guessing gets slower with every failure, for the account
//! and for the network address it comes from, and an unknown address looks and takes the same.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::name::fold;
use orglink_store::{Tx, account, in_write, sign_in};

use super::open_session;
use crate::secret::Secret;
use crate::{App, Error};

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: i64 = 5;
/// The longest wait.
const MAX_WAIT_SECONDS: i64 = 15 * 60;
/// A network address may be shared by an office.
const FREE_FAILURES_AN_ADDRESS: i64 = 50;

/// Signs in; the secret of the new session.
///
/// # Errors
/// `wrong_credentials`, the same for an unknown address and a wrong password; `TooManyAttempts` with the seconds
/// to wait.
pub async fn sign_in_with_password(app: &App, email: &str, password: &str, from: &str) -> Result<Secret, Error> {
    let at = app.now();
    let subjects = [
        (app.key.digest("sign-in account", &fold(email)), FREE_FAILURES),
        (app.key.digest("sign-in address", from), FREE_FAILURES_AN_ADDRESS),
    ];
    // The attempt is recorded before the password is looked at, so that a burst of guesses cannot slip through.
    let (account, hash) = in_write!(app.db, tx, {
        for (subject, free) in &subjects {
            let wait = wait_of(tx, subject, *free, at).await?;
            if wait > 0 {
                return Err(Error::TooManyAttempts { seconds: wait });
            }
            sign_in::record_failure(tx, subject, at).await?;
        }
        let account = account::find_by_email(tx, email).await?;
        let hash = match &account {
            Some(account) => account::find_password(tx, account.id).await?,
            None => None,
        };
        Ok((account, hash))
    })?;

    let is_right = app.passwords.verify(password, hash).await?;
    let Some(account) = account.filter(|_| is_right) else {
        let detail = "The e-mail address or the password is not right.";
        return Err(Error::refused("wrong_credentials", "That did not work", detail));
    };
    let [(subject, _), _] = &subjects;
    in_write!(app.db, tx, {
        sign_in::delete_failure(tx, subject).await?;
        open_session(app, tx, &account, "password", at).await
    })
}

/// For how many more seconds nobody may try: doubling with each failure beyond the free ones.
async fn wait_of(tx: &mut Tx, subject: &Digest, free: i64, now: Timestamp) -> Result<i64, Error> {
    let Some((failures, last_at)) = sign_in::find_failure(tx, subject).await? else {
        return Ok(0);
    };
    if failures < free {
        return Ok(0);
    }
    let doublings = u32::try_from((failures - free).min(12)).unwrap_or(12);
    let pause = (1_i64 << doublings).min(MAX_WAIT_SECONDS);
    Ok((pause - now.seconds_since(last_at)).max(0))
}
