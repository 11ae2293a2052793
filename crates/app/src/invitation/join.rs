//! Makes the account of somebody who has none yet: the mail has proven the address.

use orglink_domain::account::Account;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::AccountId;
use orglink_domain::invitation::InvitationState;
use orglink_domain::name::check_title;
use orglink_store::{account, event, in_write};
use serde_json::json;

use super::{not_pending, secret};
use crate::sign_in::{Device, open_session};
use crate::{App, Error, Secret};

/// How somebody new wants to be called, and sign in.
#[derive(Debug, Clone)]
pub struct Newcomer {
    pub name: String,
    pub password: String,
}

/// Makes an account with the invited address and signs it in; the secret of the new session. The invitation itself
/// stays pending: they still decide.
///
/// # Errors
/// `NotFound` for a secret that is none; `invitation_not_pending`; `account_exists` when the address has an account
/// (whoever reads the mail may know); bad input by field.
pub async fn create_account_by_invitation(
    app: &App,
    presented: &str,
    who: &Newcomer,
    device: &Device,
) -> Result<Secret, Error> {
    let name = check_title("name", who.name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    let hash = app.passwords.hash(&who.password).await?;
    in_write!(app.db, tx, {
        let at = app.now();
        let (found, is_open) = secret::find(app, tx, presented).await?;
        match found.state_at(at) {
            InvitationState::Pending if is_open => {}
            InvitationState::Pending => return Err(not_pending(InvitationState::Expired)),
            state => return Err(not_pending(state)),
        }
        let account = Account {
            id: AccountId(app.new_id(at)),
            email: found.email,
            name: name.to_owned(),
            is_verified: true,
            is_robot: false,
            is_operator: false,
            is_suspended: false,
        };
        if !account::create(tx, &account, at).await? {
            return Err(Error::refused(
                "account_exists",
                "You have an account already",
                "There is an account with the invited address. Sign in with it, then answer the invitation.",
            ));
        }
        account::change_password(tx, account.id, &hash).await?;
        let happened = NewEvent {
            kind: EventType::AccountCreated,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "account": account.id, "invitation": found.id }),
        };
        let actor = Actor { account_id: Some(account.id), through: Through::Own };
        event::append(tx, app.origin(actor, at), happened, None).await?;
        open_session(app, tx, &account, "invitation", device, at).await
    })
}
