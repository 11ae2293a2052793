//! What slows down guessing: attempts are counted for whom they are about and for the network address they come
//! from, before anything is looked at, so that a burst cannot slip through; and they are counted alike whether or not
//! there is such an account.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::name::fold;
use orglink_store::{Tx, sign_in};

use crate::{App, Error};

/// How many attempts cost nothing, how long the first wait is after them, and how long a wait becomes at most: each is
/// twice the one before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    free: i64,
    first_seconds: i64,
    longest_seconds: i64,
}

/// People mistype.
pub(crate) const GUESSES: Pace = Pace { free: 5, first_seconds: 1, longest_seconds: 15 * 60 };
/// Every one of them is a mail that somebody gets.
pub(crate) const MAILS: Pace = Pace { free: 3, first_seconds: 60, longest_seconds: 60 * 60 };
/// A network address may be shared by an office.
const OFFICE: Pace = Pace { free: 50, first_seconds: 1, longest_seconds: 15 * 60 };

/// What an attempt is counted for.
pub(crate) struct Attempts([(Digest, Pace); 2]);

impl Attempts {
    /// At signing in as the account of an address, from a network address.
    pub(crate) fn at_signing_in(app: &App, email: &str, from: &str) -> Self {
        Self::of(app, "sign-in", email, GUESSES, from)
    }

    /// At anything else; `what` keeps the counts of different things apart.
    pub(crate) fn of(app: &App, what: &str, subject: &str, pace: Pace, from: &str) -> Self {
        Self([
            (app.key.digest(&format!("{what} account"), &fold(subject)), pace),
            (app.key.digest(&format!("{what} address"), from), OFFICE),
        ])
    }

    /// Counts one, unless it is too early.
    ///
    /// # Errors
    /// `TooManyAttempts` with the seconds to wait.
    pub(crate) async fn record(&self, tx: &mut Tx, at: Timestamp) -> Result<(), Error> {
        self.check(tx, at).await?;
        for (subject, _) in &self.0 {
            sign_in::record_failure(tx, subject, at).await?;
        }
        Ok(())
    }

    /// Counts nothing; only for what nobody guesses in any number of attempts, and only failures are counted of.
    ///
    /// # Errors
    /// `TooManyAttempts` with the seconds to wait.
    pub(crate) async fn check(&self, tx: &mut Tx, at: Timestamp) -> Result<(), Error> {
        for (subject, pace) in &self.0 {
            let seconds = wait_of(tx, subject, *pace, at).await?;
            if seconds > 0 {
                return Err(Error::TooManyAttempts { seconds });
            }
        }
        Ok(())
    }

    /// Whether anything is counted for whom it is about.
    pub(crate) async fn any(&self, tx: &mut Tx) -> Result<bool, Error> {
        let [(subject, _), _] = &self.0;
        Ok(sign_in::find_failure(tx, subject).await?.is_some())
    }

    /// It was really them: their count begins anew, that of the network address stays.
    pub(crate) async fn succeed(&self, tx: &mut Tx) -> Result<(), Error> {
        let [(subject, _), _] = &self.0;
        Ok(sign_in::delete_failure(tx, subject).await?)
    }
}

/// For how many more seconds nobody may try.
async fn wait_of(tx: &mut Tx, subject: &Digest, pace: Pace, now: Timestamp) -> Result<i64, Error> {
    let Some((failures, last_at)) = sign_in::find_failure(tx, subject).await? else {
        return Ok(0);
    };
    if failures < pace.free {
        return Ok(0);
    }
    let doublings = u32::try_from((failures - pace.free).min(12)).unwrap_or(12);
    let pause = (pace.first_seconds << doublings).min(pace.longest_seconds);
    Ok((pause - now.seconds_since(last_at)).max(0))
}
