//! Gives an account another password, or its first.

use orglink_domain::event::EventType;
use orglink_domain::id::SessionId;
use orglink_store::{account, in_write, session};
use serde_json::json;
use uuid::Uuid;

use super::append;
use crate::{App, Error, Principal};

/// Changes it and ends every session but the one it was done in.
///
/// # Errors
/// A password that is too short or too long.
pub async fn change_password(
    app: &App,
    principal: &Principal,
    password: &str,
    kept: Option<SessionId>,
) -> Result<(), Error> {
    let id = principal.account()?.id;
    let hash = app.passwords.hash(password).await?;
    let at = app.now();
    in_write!(app.db, tx, {
        account::change_password(tx, id, &hash).await?;
        session::delete_others(tx, id, kept.unwrap_or(SessionId(Uuid::nil()))).await?;
        append(app, tx, principal, EventType::AccountPasswordChanged, json!({ "account": id }), at).await
    })
}
