//! Who a session's cookie or a token belongs to, as the account is now.

use orglink_domain::id::SessionId;
use orglink_store::{session, token};

use crate::last_seen::Used;
use crate::secret::hash_of;
use crate::{App, Error, Principal};

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session_id: SessionId,
    pub principal: Principal,
}

/// The session of a cookie.
///
/// # Errors
/// `SignedOut` when there is none, or it has ended.
pub async fn authenticate_session(app: &App, secret: &str) -> Result<SignedIn, Error> {
    let mut tx = app.db.begin_read().await?;
    let (id, expires_at, account) = session::find(&mut tx, &hash_of(secret)).await?.ok_or(Error::SignedOut)?;
    let now = app.now();
    if expires_at <= now {
        return Err(Error::SignedOut);
    }
    app.last_seen.note(Used::Session(id), now);
    Ok(SignedIn { session_id: id, principal: Principal::session(account) })
}

/// Who a token speaks for, within its scopes.
///
/// # Errors
/// `SignedOut` when there is no such token, or it has ended or was revoked.
pub async fn authenticate_token(app: &App, secret: &str) -> Result<Principal, Error> {
    let mut tx = app.db.begin_read().await?;
    let (id, scopes, expires_at, account) = token::find(&mut tx, &hash_of(secret)).await?.ok_or(Error::SignedOut)?;
    let now = app.now();
    if expires_at <= now {
        return Err(Error::SignedOut);
    }
    app.last_seen.note(Used::Token(id), now);
    Ok(Principal::token(account, scopes))
}
