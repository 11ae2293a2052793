//! Signing in and out: by password or link, and what a session or a token stands for.

mod authenticate;
mod end_session;
mod follow_link;
mod make_links;
mod with_password;

pub use authenticate::{SignedIn, authenticate_session, authenticate_token};
pub use end_session::end_session;
pub use follow_link::{FirstOperator, LinkPurpose, choose_password, find_link, follow_demo_link, make_first_operator};
pub use make_links::{create_demo_link, create_first_operator_link, create_password_link};
pub use with_password::sign_in_with_password;

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::SessionId;
use orglink_store::{Tx, event, session};
use serde_json::json;

use crate::secret::Secret;
use crate::{App, Error};

/// Opens a session inside the transaction that proved who it is.
pub(crate) async fn open_session(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    way: &'static str,
    at: Timestamp,
) -> Result<Secret, Error> {
    let secret = Secret::generate("")?;
    let id = SessionId(app.new_id(at));
    session::create(tx, id, &secret.hash(), account.id, at, at.plus_seconds(app.settings.session_seconds)).await?;
    let actor = Actor { account_id: Some(account.id), through: Through::Own };
    let happened = NewEvent {
        kind: EventType::AccountSignedIn,
        organization_id: None,
        workspace_id: None,
        payload: json!({ "by": way, "session": id }),
    };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    Ok(secret)
}
