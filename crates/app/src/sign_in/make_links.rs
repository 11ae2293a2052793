//! Links that sign somebody in: the one that makes the first operator, those with which somebody chooses a password,
//! and the reusable ones of a demo.

use orglink_store::sign_in::SignInLink;
use orglink_store::{account, in_write, sign_in};

use crate::secret::Secret;
use crate::{App, Error};

const ONCE_SECONDS: i64 = 24 * 60 * 60;
const DEMO_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The absolute URL that makes the first operator, once; nothing when there is an operator already. A new one
/// replaces those printed before.
///
/// # Errors
/// When the database is not reachable.
pub async fn create_first_operator_link(app: &App) -> Result<Option<String>, Error> {
    let at = app.now();
    let secret = Secret::generate("")?;
    let made = in_write!(app.db, tx, {
        if account::count_operators(tx).await? > 0 {
            return Ok(false);
        }
        sign_in::delete_operator_links(tx).await?;
        let link = SignInLink { account_id: None, is_reusable: false, expires_at: at.plus_seconds(ONCE_SECONDS) };
        sign_in::create_link(tx, &secret.hash(), link, at).await?;
        Ok::<bool, Error>(true)
    })?;
    Ok(made.then(|| url_of(app, &secret)))
}

/// The absolute URL that signs an account of a demo in with one click, as often as one likes.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn create_demo_link(app: &App, email: &str) -> Result<String, Error> {
    create_link(app, email, true, DEMO_SECONDS).await
}

/// The absolute URL with which an account chooses a password, once, within a day: what the operator hands to
/// somebody who was imported, or has forgotten it. Only for whoever can open the database at the machine.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn create_password_link(app: &App, email: &str) -> Result<String, Error> {
    create_link(app, email, false, ONCE_SECONDS).await
}

async fn create_link(app: &App, email: &str, is_reusable: bool, seconds: i64) -> Result<String, Error> {
    let at = app.now();
    let secret = Secret::generate("")?;
    in_write!(app.db, tx, {
        let account = account::find_by_email(tx, email).await?.ok_or_else(|| Error::not_found("account", email))?;
        let link = SignInLink { account_id: Some(account.id), is_reusable, expires_at: at.plus_seconds(seconds) };
        sign_in::create_link(tx, &secret.hash(), link, at).await.map_err(Error::from)
    })?;
    Ok(url_of(app, &secret))
}

fn url_of(app: &App, secret: &Secret) -> String {
    format!("{}/sign-in/{}", app.settings.public_url, secret.reveal())
}
