//! Browsers: the session cookie, and who it belongs to.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use orglink_app::sign_in::{SignedIn, authenticate_session};
use orglink_app::{App, Error, Principal};

use crate::limits::limit_account;
use crate::{AppState, Failure};

/// A signed-in visitor with the secret that their forms are tied to.
#[derive(Clone)]
pub struct Visitor {
    pub signed_in: SignedIn,
    secret: String,
}

impl Visitor {
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.signed_in.principal
    }

    /// What a form of theirs must bring back.
    #[must_use]
    pub fn form_token(&self, app: &App) -> String {
        app.key.form_token(&self.secret)
    }

    pub(crate) fn is_form_token(&self, app: &App, presented: &str) -> bool {
        app.key.is_form_token(&self.secret, presented)
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        let secret = session_of(app, &parts.headers).ok_or(Failure(Error::SignedOut))?;
        let signed_in = authenticate_session(app, &secret).await?;
        limit_account(&parts.extensions, &signed_in.principal)?;
        Ok(Self { signed_in, secret })
    }
}

impl axum::extract::OptionalFromRequestParts<AppState> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Option<Self>, Failure> {
        match <Self as FromRequestParts<AppState>>::from_request_parts(parts, app).await {
            Ok(visitor) => Ok(Some(visitor)),
            Err(Failure(Error::SignedOut)) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

/// With HTTPS the prefix makes browsers refuse a cookie set by a neighbouring host.
fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-orglink" } else { "orglink" }
}

fn is_https(app: &App) -> bool {
    app.settings.public_url.starts_with("https://")
}

fn session_of(app: &App, headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie_name(app))
        .map(|(_, value)| value.to_owned())
}

/// The header that starts a session in a browser.
#[must_use]
pub fn cookie_of(app: &App, secret: &str) -> String {
    let secure = if is_https(app) { "; Secure" } else { "" };
    let (name, seconds) = (cookie_name(app), app.settings.session_seconds);
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// The header that ends it.
#[must_use]
pub fn ended_cookie(app: &App) -> String {
    let secure = if is_https(app) { "; Secure" } else { "" };
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(app))
}
