//! An account itself: what its owner decides about it, and what an operator may.

mod change_address;
mod change_password;
mod change_profile;
mod erase_account;
mod pending;
mod suspend_account;
mod view_account;

pub use change_address::{ask_for_address, find_address_proof, prove_address, withdraw_address};
pub use change_password::change_password;
pub use change_profile::{ProfileChange, change_profile};
pub use erase_account::{Erasure, Leaving, erase_account, preview_erasure};
pub use pending::Pending;
pub use suspend_account::{list_accounts, restore_account, suspend_account};
pub use view_account::{AccountView, view_account};

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::{Tx, account, event, workspace};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::change::WorkspaceChange;
use crate::{App, Error, Expected, Principal};

/// An account by its address or id.
pub(crate) async fn find(tx: &mut Tx, reference: &str) -> Result<Account, Error> {
    let found = match Uuid::try_parse(reference) {
        Ok(id) => account::find(tx, AccountId(id)).await?,
        Err(_) => account::find_by_email(tx, reference.trim()).await?,
    };
    found.ok_or_else(|| Error::not_found("account", reference))
}

/// Appends what somebody did to an account.
async fn append(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    kind: EventType,
    payload: Value,
    at: Timestamp,
) -> Result<(), Error> {
    let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
    event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
    Ok(())
}

/// Whether an account can act has changed: the stored reasons of every workspace that it administers are made true
/// again, in the same transaction.
pub(crate) async fn reconsider(app: &App, tx: &mut Tx, principal: &Principal, id: AccountId) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let page = workspace::list_administered(tx, id, &after, 500).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = fold(&last.slug);
        for w in page {
            let reference = w.id.to_string();
            let change =
                WorkspaceChange::begin(app, tx, principal, &reference, Action::ViewWorkspace, Expected::Any).await?;
            let what = json!({ "change": "admin_account_changed", "account": id });
            change.finish(app, tx, principal, what).await?;
        }
    }
}
