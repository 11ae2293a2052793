//! Signs a browser out.

use orglink_store::{in_write, session};

use super::SignedIn;
use crate::{App, Error};

/// Ends the session; its cookie is worth nothing from now on.
///
/// # Errors
/// When the database is not reachable.
pub async fn end_session(app: &App, signed_in: &SignedIn) -> Result<(), Error> {
    let account = signed_in.principal.account()?.id;
    in_write!(app.db, tx, {
        session::delete(tx, signed_in.session_id, account).await?;
        Ok::<(), Error>(())
    })
}
