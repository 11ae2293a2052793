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
    let mut tx = app.db.begin_read().await?;
    for (subject, free) in &subjects {
        let wait = wait_of(&mut tx, subject, *free, at).await?;
        if wait > 0 {
            return Err(Error::TooManyAttempts { seconds: wait });
        }
    }
    let account = account::find_by_email(&mut tx, email).await?;
    let hash = match &account {
        Some(account) => account::find_password(&mut tx, account.id).await?,
        None => None,
    };
    drop(tx);

    let is_right = app.passwords.verify(password, hash).await?;
    match account.filter(|_| is_right) {
        Some(account) => in_write!(app.db, tx, {
            for (subject, _) in &subjects {
                sign_in::delete_failure(tx, subject).await?;
            }
            open_session(app, tx, &account, "password", at).await
        }),
        None => {
            in_write!(app.db, tx, {
                for (subject, _) in &subjects {
                    sign_in::record_failure(tx, subject, at).await?;
                }
                Ok::<(), Error>(())
            })?;
            Err(Error::refused(
                "wrong_credentials",
                "That did not work",
                "The e-mail address or the password is not right.",
            ))
        }
    }
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
