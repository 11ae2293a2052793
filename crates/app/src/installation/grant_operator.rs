//! Makes an account an operator: only for whoever can open the database at the machine.

use orglink_domain::event::{EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::{account, event, in_write};
use serde_json::json;

use crate::{App, Error, Principal};

/// Makes the account of an address an operator; doing so twice changes nothing.
///
/// # Errors
/// `NotFound` when there is no such account; a refusal for anybody but an operator.
pub async fn grant_operator(app: &App, principal: &Principal, email: &str) -> Result<(), Error> {
    app.require(Action::GrantOperator, principal.standing())?;
    let at = app.now();
    in_write!(app.db, tx, {
        let account = account::find_by_email(tx, email).await?.ok_or_else(|| Error::not_found("account", email))?;
        if account.is_operator {
            return Ok(());
        }
        account::make_operator(tx, account.id).await?;
        let happened = NewEvent {
            kind: EventType::OperatorGranted,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "account": account.id }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok::<(), Error>(())
    })
}
