//! Ends a token.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::TokenId;
use orglink_store::{event, in_write, token};
use serde_json::json;

use crate::{App, Error, Principal};

/// Ends one of the tokens of the account that asks; it is refused from now on.
///
/// # Errors
/// `NotFound` when they have no such token (any more).
pub async fn revoke_token(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    let absent = || Error::not_found("token", reference);
    let id = TokenId(reference.parse().map_err(|_| absent())?);
    let owner = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        if !token::revoke(tx, owner, id, at).await? {
            return Err(absent());
        }
        let happened = NewEvent {
            kind: EventType::TokenRevoked,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "token": id }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok(())
    })
}
