//! Who calls the API: a token's owner, or whoever runs a command at the machine.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use orglink_app::sign_in::authenticate_token;
use orglink_app::{Error, Principal};
use orglink_domain::digest::Digest;
use orglink_domain::token::Scope;

use crate::limits::{limit_account, limit_token};
use crate::{AppState, Failure};

/// The one who calls, known but not yet trusted with anything.
pub struct Caller(Principal);

/// Put into a request by the command line, which shares the process with the router; nothing that comes over the
/// network can carry it.
#[derive(Debug, Clone)]
pub struct LocalOperator {
    /// `--as EMAIL`
    pub on_behalf_of: Option<String>,
}

impl Caller {
    /// The principal, when a token of theirs allows this scope.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn with_scope(self, scope: Scope) -> Result<Principal, Failure> {
        self.with_any_scope(&[scope])
    }

    /// The same when several scopes allow it.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn with_any_scope(self, scopes: &[Scope]) -> Result<Principal, Failure> {
        self.0.require_any_scope(scopes)?;
        Ok(self.0)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        if let Some(local) = parts.extensions.get::<LocalOperator>() {
            let Some(email) = &local.on_behalf_of else { return Ok(Self(Principal::local_operator())) };
            let mut tx = app.db.begin_read().await?;
            return Ok(Self(Principal::on_behalf_of(&mut tx, email).await?));
        }
        let bearer = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let Some(token) = bearer else { return Err(Failure(Error::SignedOut)) };
        let principal = authenticate_token(app, token).await?;
        limit_token(&parts.extensions, &Digest::of(&[token.as_bytes()]).to_string())?;
        limit_account(&parts.extensions, &principal)?;
        Ok(Self(principal))
    }
}
