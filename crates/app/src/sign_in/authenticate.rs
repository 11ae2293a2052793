//! Who a session's cookie or a token belongs to, as the account is now.

use std::sync::Arc;

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{SessionId, TokenId};
use orglink_domain::token::EXTENSION_TOKEN_PREFIX;
use orglink_store::{session, token};

use crate::extension::authenticate_extension;
use crate::last_seen::Used;
use crate::secret::hash_of;
use crate::{App, Error, Principal};

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session_id: SessionId,
    pub principal: Principal,
    /// When they last proved that it is really them.
    pub authenticated_at: Timestamp,
    /// Theirs, by its IANA name; UTC when they chose none.
    pub time_zone: Option<String>,
}

impl SignedIn {
    /// Refuses what cannot be undone to whoever has not proven lately that it is them.
    ///
    /// # Errors
    /// `step_up_required`.
    pub fn require_recent(&self, app: &App) -> Result<(), Error> {
        if app.now().seconds_since(self.authenticated_at) < app.settings.step_up_seconds {
            return Ok(());
        }
        Err(Error::forbidden(
            "step_up_required",
            "Confirm that it is you",
            &["What you are about to do cannot be undone, and you signed in a while ago.".to_owned()],
        ))
    }
}

/// The session of a cookie.
///
/// # Errors
/// `SignedOut` when there is none, it has ended, or its account is suspended.
pub async fn authenticate_session(app: &App, secret: &str) -> Result<SignedIn, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = session::find(&mut tx, &hash_of(secret)).await?.ok_or(Error::SignedOut)?;
    let now = app.now();
    if found.expires_at <= now || found.account.is_suspended {
        return Err(Error::SignedOut);
    }
    app.last_seen.note(Used::Session(found.id), now);
    Ok(SignedIn {
        session_id: found.id,
        principal: Principal::session(found.account),
        authenticated_at: found.authenticated_at,
        time_zone: found.time_zone,
    })
}

/// Who a token speaks for, within its scopes.
///
/// # Errors
/// `SignedOut` when there is no such token, or it has ended or was revoked; a refusal that says why when it is that of an
/// extension which is suspended.
pub async fn authenticate_token(app: &App, secret: &str) -> Result<Principal, Error> {
    if secret.starts_with(EXTENSION_TOKEN_PREFIX) {
        return authenticate_extension(app, secret).await;
    }
    Ok(Arc::unwrap_or_clone(find_bearer(app, secret).await?.speak(app)?))
}

/// A token as it was read: it speaks until it ends.
pub(crate) struct TokenBearer {
    token: TokenId,
    expires_at: Timestamp,
    principal: Arc<Principal>,
}

impl TokenBearer {
    /// Whom it speaks for at this moment; that it was used is noted.
    pub(crate) fn speak(&self, app: &App) -> Result<Arc<Principal>, Error> {
        let now = app.now();
        if self.expires_at <= now {
            return Err(Error::SignedOut);
        }
        app.last_seen.note(Used::Token(self.token), now);
        Ok(Arc::clone(&self.principal))
    }
}

/// Finds a token that was not revoked and whose owner is not suspended.
pub(crate) async fn find_bearer(app: &App, secret: &str) -> Result<TokenBearer, Error> {
    let mut tx = app.db.begin_read().await?;
    let (token, scopes, expires_at, account) = token::find(&mut tx, &hash_of(secret)).await?.ok_or(Error::SignedOut)?;
    if account.is_suspended {
        return Err(Error::SignedOut);
    }
    Ok(TokenBearer { token, expires_at, principal: Arc::new(Principal::token(account, token, scopes)) })
}
