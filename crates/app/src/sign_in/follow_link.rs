//! Follows a sign-in link: a demo's signs in, the printed one makes the first operator.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::AccountId;
use orglink_domain::name::{check_email, check_title};
use orglink_store::sign_in::SignInLink;
use orglink_store::{Tx, account, event, in_write, session, sign_in};
use serde_json::json;

use super::{Device, append_own, link_ended as ended, open_session};
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
pub async fn follow_demo_link(app: &App, secret: &str, device: &Device) -> Result<Secret, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let link = find(tx, secret, at).await?;
        let id = link.account_id.filter(|_| link.is_reusable).ok_or_else(ended)?;
        let account = account::find(tx, id).await?.filter(|a| !a.is_suspended).ok_or_else(ended)?;
        open_session(app, tx, &account, "demo link", device, at).await
    })
}

/// Gives an account the password it chose, ends its other sessions and signs it in; uses the link up.
///
/// # Errors
/// `link_not_valid`, or a password that is too short.
pub async fn choose_password(app: &App, secret: &str, password: &str, device: &Device) -> Result<Secret, Error> {
    find_link(app, secret).await?;
    let hash = app.passwords.hash(password).await?;
    let at = app.now();
    in_write!(app.db, tx, {
        let link = find(tx, secret, at).await?;
        let id = link.account_id.filter(|_| !link.is_reusable).ok_or_else(ended)?;
        if !sign_in::delete_link(tx, &hash_of(secret)).await? {
            return Err(ended());
        }
        let account = account::find(tx, id).await?.filter(|a| !a.is_suspended).ok_or_else(ended)?;
        account::change_password(tx, id, &hash).await?;
        session::delete_all(tx, id).await?;
        append_own(app, tx, id, EventType::AccountPasswordChanged, json!({ "account": id }), at).await?;
        open_session(app, tx, &account, "password link", device, at).await
    })
}

/// Makes the first operator and signs them in; uses the link up.
///
/// # Errors
/// `link_not_valid`, or bad input that says which field.
pub async fn make_first_operator(
    app: &App,
    secret: &str,
    who: &FirstOperator,
    device: &Device,
) -> Result<Secret, Error> {
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
                    is_suspended: false,
                };
                account::create(tx, &account, at).await?;
                account
            }
        };
        if account.is_suspended {
            return Err(ended());
        }
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
        open_session(app, tx, &account, "first operator link", device, at).await
    })
}
