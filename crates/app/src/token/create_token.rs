//! Makes a token; its secret is shown in this one answer and never again.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::TokenId;
use orglink_domain::name::check_title;
use orglink_domain::token::{Scope, TOKEN_PREFIX};
use orglink_policy::Action;
use orglink_store::token::Token;
use orglink_store::{account, event, in_write, token};
use serde_json::json;

use crate::secret::Secret;
use crate::{App, Error, Principal};

/// A token that somebody wants.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// For how long; at most a year.
    pub days: i64,
}

/// A token that was made.
pub struct CreatedToken {
    pub token: Token,
    pub secret: Secret,
}

const MAX_DAYS: i64 = 366;

/// Makes a token for the account that asks.
///
/// # Errors
/// Bad input that says which field; `scope_not_allowed` for `operator` when the owner is none, or for a scope that the
/// asking token itself lacks.
pub async fn create_token(app: &App, principal: &Principal, wanted: &NewToken) -> Result<CreatedToken, Error> {
    let owner = principal.account()?.id;
    app.require(Action::CreateToken, principal.standing())?;
    check_title("name", &wanted.name).map_err(|e| Error::field("name", e.to_string()))?;
    if wanted.scopes.is_empty() {
        return Err(Error::field(
            "scopes",
            "a token needs at least one scope: read, write, link, ask, admin, entitlements, operator",
        ));
    }
    if !(1..=MAX_DAYS).contains(&wanted.days) {
        return Err(Error::field("days", format!("a token lasts 1 to {MAX_DAYS} days")));
    }
    let mut scopes = wanted.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    for scope in &scopes {
        principal.require_scope(*scope)?;
    }
    let at = app.now();
    let created = CreatedToken {
        token: Token {
            id: TokenId(app.new_id(at)),
            name: wanted.name.clone(),
            scopes,
            created_at: at,
            last_used_at: None,
            expires_at: at.plus_seconds(wanted.days * 24 * 60 * 60),
        },
        secret: Secret::generate(TOKEN_PREFIX)?,
    };
    in_write!(app.db, tx, {
        let is_operator = account::find(tx, owner).await?.is_some_and(|a| a.is_operator);
        if let Some(scope) = created.token.scopes.iter().find(|s| s.is_for_operators() && !is_operator) {
            return Err(Error::forbidden(
                "scope_not_allowed",
                "This scope is not yours to give",
                &[format!("The scope '{scope}' is only for operators of this installation.")],
            ));
        }
        token::create(tx, owner, &created.token, &created.secret.hash()).await?;
        let happened = NewEvent {
            kind: EventType::TokenCreated,
            organization_id: None,
            workspace_id: None,
            payload: json!({
                "token": created.token.id,
                "scopes": created.token.scopes,
                "expires_at": created.token.expires_at,
            }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok::<(), Error>(())
    })?;
    Ok(created)
}
