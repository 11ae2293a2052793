//! Follows a sign-in link: a demo's signs in, the printed one makes the first operator.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::AccountId;
use orglink_domain::name::{check_email, check_title};
use orglink_store::sign_in::SignInLink;
use orglink_store::{Tx, account, event, in_write, sign_in};
use serde_json::json;

use super::open_session;
use crate::secret::{Secret, hash_of};
use crate::{App, Error};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Signs an account of a demo in.
    Demo,
    /// Lets its account choose a password.
    ChoosePassword,
    /// Makes the first operator.
    FirstOperator,
}

/// Who the first operator will be.
#[derive(Debug, Clone)]
pub struct FirstOperator {
    pub email: String,
    pub name: String,
    pub password: String,
}

fn ended() -> Error {
    Error::refused(
        "link_not_valid",
        "This link does not work any more",
        "It was used already, has expired, or never existed. Sign in another way, or ask for a new one.",
    )
}

async fn find(tx: &mut Tx, secret: &str, now: Timestamp) -> Result<SignInLink, Error> {
    sign_in::find_link(tx, &hash_of(secret)).await?.filter(|link| link.expires_at > now).ok_or_else(ended)
}

/// What following the link would do; does nothing.
///
/// # Errors
/// `link_not_valid`.
pub async fn find_link(app: &App, secret: &str) -> Result<LinkPurpose, Error> {
    let mut tx = app.db.begin_read().await?;
    let link = find(&mut tx, secret, app.now()).await?;
    Ok(match link.account_id {
        Some(_) if link.is_reusable => LinkPurpose::Demo,
        Some(_) => LinkPurpose::ChoosePassword,
        None => LinkPurpose::FirstOperator,
    })
}

/// Signs in the account of a demo's link, as often as one likes; the secret of the new session.
///
/// # Errors
/// `link_not_valid`.
pub async fn follow_demo_link(app: &App, secret: &str) -> Result<Secret, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let link = find(tx, secret, at).await?;
        let id = link.account_id.filter(|_| link.is_reusable).ok_or_else(ended)?;
        let account = account::find(tx, id).await?.ok_or_else(ended)?;
        open_session(app, tx, &account, "demo link", at).await
    })
}

/// Gives an account the password it chose and signs it in; uses the link up.
///
/// # Errors
/// `link_not_valid`, or a password that is too short.
pub async fn choose_password(app: &App, secret: &str, password: &str) -> Result<Secret, Error> {
    find_link(app, secret).await?;
    let hash = app.passwords.hash(password).await?;
    let at = app.now();
    in_write!(app.db, tx, {
        let link = find(tx, secret, at).await?;
        let id = link.account_id.filter(|_| !link.is_reusable).ok_or_else(ended)?;
        if !sign_in::delete_link(tx, &hash_of(secret)).await? {
            return Err(ended());
        }
        let account = account::find(tx, id).await?.ok_or_else(ended)?;
        account::change_password(tx, id, &hash).await?;
        let happened = NewEvent {
            kind: EventType::AccountPasswordChanged,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "account": id }),
        };
        event::append(tx, app.origin(Actor { account_id: Some(id), through: Through::Own }, at), happened, None)
            .await?;
        open_session(app, tx, &account, "password link", at).await
    })
}

/// Makes the first operator and signs them in; uses the link up.
///
/// # Errors
/// `link_not_valid`, or bad input that says which field.
pub async fn make_first_operator(app: &App, secret: &str, who: &FirstOperator) -> Result<Secret, Error> {
    check_email(&who.email).map_err(|e| Error::field("email", e.to_string()))?;
    check_title("name", &who.name).map_err(|e| Error::field("name", e.to_string()))?;
    find_link(app, secret).await?;
    let hash = app.passwords.hash(&who.password).await?;
    let at = app.now();
    in_write!(app.db, tx, {
        let link = find(tx, secret, at).await?;
        let is_used = !sign_in::delete_link(tx, &hash_of(secret)).await?;
        if is_used || link.account_id.is_some() || account::count_operators(tx).await? > 0 {
            return Err(ended());
        }
        let account = match account::find_by_email(tx, &who.email).await? {
            Some(account) => account,
            None => {
                let account = Account {
                    id: AccountId(app.new_id(at)),
                    email: who.email.clone(),
                    name: who.name.clone(),
                    is_verified: true,
                    is_robot: false,
                    is_operator: true,
                };
                account::create(tx, &account, at).await?;
                account
            }
        };
        account::make_operator(tx, account.id).await?;
        account::change_password(tx, account.id, &hash).await?;
        let actor = Actor { account_id: Some(account.id), through: Through::Own };
        let happened = NewEvent {
            kind: EventType::AccountCreated,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "account": account.id, "is_operator": true }),
        };
        event::append(tx, app.origin(actor, at), happened, None).await?;
        open_session(app, tx, &account, "first operator link", at).await
    })
}
