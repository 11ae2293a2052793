//! The tokens of the account that asks.

use orglink_store::token::{self, Token};

use crate::{App, Error, Principal};

/// The tokens that were not revoked, oldest first.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_tokens(app: &App, principal: &Principal) -> Result<Vec<Token>, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(token::list(&mut tx, principal.account()?.id).await?)
}
