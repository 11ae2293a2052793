//! Who an e-mail address with a token in place of the password speaks for (HTTP Basic): for clients of other protocols.
//!
//! Failures are slowed down like wrong passwords, but counted apart: a program with an old token shuts nobody out of the
//! pages. Nothing is written for whoever is right.

use orglink_domain::name::fold;
use orglink_store::{in_write, token};

use super::attempts::{Attempts, GUESSES};
use crate::last_seen::Used;
use crate::secret::hash_of;
use crate::{App, Error, Principal};

/// The principal, within the token's scopes. `from` is the network address.
///
/// # Errors
/// `wrong_credentials`, the same for an unknown address, an unknown token, one of somebody else and a suspended account;
/// `token_expired` to whoever holds a token that was right; `TooManyAttempts` with the seconds to wait.
pub async fn authenticate_basic(app: &App, email: &str, secret: &str, from: &str) -> Result<Principal, Error> {
    let at = app.now();
    let attempts = Attempts::of(app, "basic", email.trim(), GUESSES, from);
    let mut tx = app.db.begin_read().await?;
    attempts.check(&mut tx, at).await?;
    let found = token::find(&mut tx, &hash_of(secret)).await?;
    let was_wrong_before = attempts.any(&mut tx).await?;
    drop(tx);
    let of_them =
        found.filter(|(_, _, _, account)| !account.is_suspended && fold(&account.email) == fold(email.trim()));
    let Some((id, scopes, expires_at, account)) = of_them else {
        in_write!(app.db, tx, { attempts.record(tx, at).await })?;
        return Err(Error::refused(
            "wrong_credentials",
            "That did not work",
            format!(
                "The e-mail address or the token is not right. Give your address, and as the password a personal access token ({}/me/tokens).",
                app.settings.public_url
            ),
        ));
    };
    if expires_at <= at {
        let detail = format!(
            "The token expired on {}. Make another one: {}/me/tokens",
            expires_at.to_minute(),
            app.settings.public_url
        );
        return Err(Error::refused("token_expired", "The token has expired", detail));
    }
    if was_wrong_before {
        in_write!(app.db, tx, { attempts.succeed(tx).await })?;
    }
    app.last_seen.note(Used::Token(id), at);
    Ok(Principal::token(account, id, scopes))
}
