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

/// The one who calls, known but not yet trusted with anything; and the token that says so, if it came over the network.
pub struct Caller(Principal, Option<String>);

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
        self.0.require_scope(scope)?;
        Ok(self.0)
    }

    /// For an answer that goes on: the one who calls, asked again who they are whenever something is sent.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn still(self, scope: Scope) -> Result<StillCalling, Failure> {
        self.0.require_scope(scope)?;
        Ok(StillCalling { principal: self.0, token: self.1, scope })
    }
}

/// Somebody who listens to an answer that goes on.
pub struct StillCalling {
    principal: Principal,
    token: Option<String>,
    scope: Scope,
}

impl StillCalling {
    /// The principal as they are now.
    ///
    /// # Errors
    /// `SignedOut` when the token has ended or its owner is suspended; `scope_required`.
    pub async fn principal(&self, app: &AppState) -> Result<Principal, Error> {
        let Some(token) = &self.token else { return Ok(self.principal.clone()) };
        let principal = authenticate_token(app, token).await?;
        principal.require_scope(self.scope)?;
        Ok(principal)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        if let Some(local) = parts.extensions.get::<LocalOperator>() {
            let Some(email) = &local.on_behalf_of else { return Ok(Self(Principal::local_operator(), None)) };
            let mut tx = app.db.begin_read().await?;
            return Ok(Self(Principal::on_behalf_of(&mut tx, email).await?, None));
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
        let token = Some(token.to_owned());
        Ok(Self(principal, token))
    }
}
