//! Who operates this installation; and no longer.

use orglink_domain::account::Account;
use orglink_domain::event::{EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::{account, event, in_write};
use serde_json::json;

use crate::{App, Error, Principal};

/// The operators, by address (at most 500).
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn list_operators(app: &App, principal: &Principal) -> Result<Vec<Account>, Error> {
    app.require(Action::ExploreWorkspaces, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    Ok(account::list_operators(&mut tx).await?)
}

/// Takes from an account what makes it an operator.
///
/// # Errors
/// `NotFound` when it is none; `last_operator`; a refusal for anybody but an operator.
pub async fn revoke_operator(app: &App, principal: &Principal, email: &str) -> Result<(), Error> {
    app.require(Action::GrantOperator, principal.standing())?;
    let at = app.now();
    in_write!(app.db, tx, {
        let absent = || Error::not_found("operator", email);
        let found = account::find_by_email(tx, email).await?.filter(|a| a.is_operator).ok_or_else(absent)?;
        account::end_operator(tx, found.id).await?;
        if account::count_operators(tx).await? == 0 {
            return Err(Error::refused(
                "last_operator",
                "Somebody must remain who operates it",
                "This is the last operator. Make somebody else an operator first.",
            ));
        }
        let happened = NewEvent {
            kind: EventType::OperatorRevoked,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "account": found.id }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok(())
    })
}
