//! An operator stops an account, or lets it work again.

use orglink_domain::account::Account;
use orglink_domain::event::EventType;
use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::{account, in_write, session, sign_in, token};
use serde_json::json;

use super::{append, find, reconsider};
use crate::{App, Error, Page, PageRequest, Principal};

/// The longest reason that is kept.
const LONGEST: usize = 500;

/// Every account whose address contains a text, by address; not those that have left.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn list_accounts(
    app: &App,
    principal: &Principal,
    text: &str,
    request: &PageRequest,
) -> Result<Page<Account>, Error> {
    app.require(Action::ManageAccounts, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    let found = account::list(&mut tx, request.after(), text, request.fetch()).await?;
    Ok(request.page(found, |a| fold(&a.email)))
}

/// Stops an account: it is signed out everywhere, its tokens end, nobody signs in with it, and it no longer counts as
/// an admin who could act. Doing so twice changes nothing.
///
/// # Errors
/// `NotFound`; `own_account`; `last_operator`; a refusal for anybody but an operator.
pub async fn suspend_account(app: &App, principal: &Principal, reference: &str, reason: &str) -> Result<(), Error> {
    app.require(Action::ManageAccounts, principal.standing())?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST || reason.chars().any(char::is_control) {
        return Err(Error::field("reason", format!("say why, in one line of at most {LONGEST} characters")));
    }
    let at = app.now();
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        if principal.account_if_any().is_some_and(|me| me.id == found.id) {
            let detail = "Another operator can suspend your account; you cannot.";
            return Err(Error::refused("own_account", "Not your own", detail));
        }
        if found.is_suspended {
            return Ok(());
        }
        account::change_suspension(tx, found.id, true).await?;
        if found.is_operator && account::count_operators(tx).await? == 0 {
            return Err(Error::refused(
                "last_operator",
                "Somebody must remain who operates it",
                "This is the last operator. Make somebody else an operator first.",
            ));
        }
        session::delete_all(tx, found.id).await?;
        token::revoke_all(tx, found.id, at).await?;
        sign_in::delete_links_of(tx, found.id).await?;
        reconsider(app, tx, principal, found.id).await?;
        let payload = json!({ "account": found.id, "reason": reason });
        append(app, tx, principal, EventType::AccountSuspended, payload, at).await
    })
}

/// Lets a suspended account sign in again; sessions and tokens that ended stay so.
///
/// # Errors
/// `NotFound`, also for an account that has left; a refusal for anybody but an operator.
pub async fn restore_account(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    app.require(Action::ManageAccounts, principal.standing())?;
    let at = app.now();
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        if !found.is_suspended {
            return Ok(());
        }
        if account::find_details(tx, found.id).await?.is_none() {
            return Err(Error::not_found("account", reference));
        }
        account::change_suspension(tx, found.id, false).await?;
        reconsider(app, tx, principal, found.id).await?;
        append(app, tx, principal, EventType::AccountRestored, json!({ "account": found.id }), at).await
    })
}
