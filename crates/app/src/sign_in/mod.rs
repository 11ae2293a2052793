//! Signing in and out: by password, passkey, recovery code or link, and what a session or a token stands for.

pub(crate) mod attempts;
mod authenticate;
mod authenticate_basic;
mod confirm;
mod device;
mod end_session;
mod follow_link;
mod make_links;
mod with_mail;
mod with_passkey;
mod with_password;
mod with_recovery_code;

pub use authenticate::{SignedIn, authenticate_session, authenticate_token};
pub(crate) use authenticate::{TokenBearer, find_bearer};
pub use authenticate_basic::authenticate_basic;
pub use confirm::{confirm_with_passkey, confirm_with_password};
pub use device::Device;
pub use end_session::end_session;
pub use follow_link::{FirstOperator, LinkPurpose, choose_password, find_link, follow_demo_link, make_first_operator};
pub use make_links::{create_demo_link, create_first_operator_link, create_password_link};
pub use with_mail::{MailedLink, answer_requests, ask_for_link, find_mailed_link, follow_mailed_link};
pub use with_passkey::{PasskeyQuestion, ask_for_passkey, sign_in_with_passkey};
pub use with_password::sign_in_with_password;
pub use with_recovery_code::sign_in_with_recovery_code;

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::{AccountId, SessionId};
use orglink_store::session::NewSession;
use orglink_store::{Tx, event, session, sign_in};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::secret::Secret;
use crate::{App, Error};

/// Whose rows are looked for where there is no account, so that it takes the same statements.
const NOBODY: AccountId = AccountId(Uuid::nil());

fn link_ended() -> Error {
    Error::refused(
        "link_not_valid",
        "This link does not work any more",
        "It was used already, has expired, or never existed. Sign in another way, or ask for a new one.",
    )
}

/// Opens a session inside the transaction that proved who it is.
pub(crate) async fn open_session(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    way: &'static str,
    device: &Device,
    at: Timestamp,
) -> Result<Secret, Error> {
    let secret = Secret::generate("")?;
    let id = SessionId(app.new_id(at));
    let new = NewSession {
        id,
        account: account.id,
        user_agent: &device.user_agent,
        address: &device.address,
        at,
        expires_at: at.plus_seconds(app.settings.session_seconds),
    };
    session::create(tx, &secret.hash(), new).await?;
    let (is_known, has_others) = sign_in::note_place(tx, account.id, &device.place(account.id), at).await?;
    let payload = json!({
        "by": way, "session": id, "is_new_place": has_others && !is_known,
        "browser": device.browser(), "address": device.address,
    });
    append_own(app, tx, account.id, EventType::AccountSignedIn, payload, at).await?;
    Ok(secret)
}

/// Appends what an account did itself.
async fn append_own(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    kind: EventType,
    payload: Value,
    at: Timestamp,
) -> Result<(), Error> {
    let actor = Actor { account_id: Some(account), through: Through::Own };
    let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    Ok(())
}
