//! Who calls the API: a token's owner, or whoever runs a command at the machine.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use orglink_app::entitlement::authenticate_product;
use orglink_app::sign_in::authenticate_token;
use orglink_app::{Error, Principal};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;

use crate::limits::{limit_caller, limit_product, take_of_address};
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

    /// The same for what an extension may read too, within that scope of its own. Whatever does not ask this is not for
    /// extensions.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn with_scope_or(self, scope: Scope, of_extension: ExtensionScope) -> Result<Principal, Failure> {
        self.with_any_scope_or(&[scope], of_extension)
    }

    /// The same when several scopes of a person's allow it.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn with_any_scope_or(self, scopes: &[Scope], of_extension: ExtensionScope) -> Result<Principal, Failure> {
        self.0.require_scope_or(scopes, of_extension)?;
        Ok(self.0)
    }

    /// For an answer that goes on: the one who calls, asked again who they are whenever something is sent.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn still(self, scope: Scope) -> Result<StillCalling, Failure> {
        self.0.require_scope(scope)?;
        Ok(StillCalling { principal: self.0, token: self.1, scope, of_extension: None })
    }

    /// The same for what an extension may follow too, within that scope of its own.
    ///
    /// # Errors
    /// `scope_required`.
    pub fn still_or(self, scope: Scope, of_extension: ExtensionScope) -> Result<StillCalling, Failure> {
        self.0.require_scope_or(&[scope], of_extension)?;
        Ok(StillCalling { principal: self.0, token: self.1, scope, of_extension: Some(of_extension) })
    }
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A program that asks what workspaces may use, thousands of times a second: a product, by a token made for that; or
/// whoever else may see a workspace, under the limits that everybody has.
pub struct Asker(pub Arc<Principal>);

impl FromRequestParts<AppState> for Asker {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        let key = parts.headers.get("x-api-key").and_then(|value| value.to_str().ok());
        let Some(token) = bearer(&parts.headers).or(key) else {
            take_of_address(&parts.extensions)?;
            return Err(Failure(Error::SignedOut));
        };
        let asked = authenticate_product(app, token).await;
        if let Ok(principal) = &asked
            && principal.is_product()
        {
            limit_product(&parts.extensions, principal)?;
            return Ok(Self(Arc::clone(principal)));
        }
        // Whoever guesses tokens is no product either.
        take_of_address(&parts.extensions)?;
        let principal = asked?;
        limit_caller(&parts.extensions, token, &principal)?;
        principal.require_any_scope(&[Scope::Read, Scope::Entitlements])?;
        Ok(Self(principal))
    }
}

/// Somebody who listens to an answer that goes on.
pub struct StillCalling {
    principal: Principal,
    token: Option<String>,
    scope: Scope,
    of_extension: Option<ExtensionScope>,
}

impl StillCalling {
    /// The principal as they are now.
    ///
    /// # Errors
    /// `SignedOut` when the token has ended or its owner is suspended; `scope_required`.
    pub async fn principal(&self, app: &AppState) -> Result<Principal, Error> {
        let Some(token) = &self.token else { return Ok(self.principal.clone()) };
        let principal = authenticate_token(app, token).await?;
        match self.of_extension {
            Some(of_extension) => principal.require_scope_or(&[self.scope], of_extension)?,
            None => principal.require_scope(self.scope)?,
        }
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
        let Some(token) = bearer(&parts.headers) else { return Err(Failure(Error::SignedOut)) };
        let principal = authenticate_token(app, token).await?;
        limit_caller(&parts.extensions, token, &principal)?;
        let token = Some(token.to_owned());
        Ok(Self(principal, token))
    }
}
