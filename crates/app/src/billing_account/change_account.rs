//! Says how a billing account is called, whom its bills are for, and who administers it.

use orglink_domain::billing::account::check_bill_to;
use orglink_domain::event::EventType;
use orglink_domain::name::check_title;
use orglink_policy::Action;
use orglink_store::{billing_account, in_write, organization};
use serde_json::json;

use super::change::BillingAccountChange;
use crate::tenant::BillingAccountProof;
use crate::{App, Error, Expected, Principal, account};

const MANAGE: Action = Action::ManageBillingAccount;

/// What is to be different; nothing stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    pub name: Option<String>,
    pub bill_to: Option<String>,
}

/// Changes it; its new version.
///
/// # Errors
/// Bad input by field; `NotFound`; `billing_account_merged`; `VersionChanged`; a refusal for anybody but its admins.
pub async fn change_billing_account(
    app: &App,
    principal: &Principal,
    reference: &str,
    wanted: &AccountChange,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change = BillingAccountChange::begin(app, tx, principal, (reference, MANAGE), expected).await?;
        let before = change.account().clone();
        let name = wanted.name.as_deref().unwrap_or(&before.name);
        let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
        let bill_to = check_bill_to(wanted.bill_to.as_deref().unwrap_or(&before.bill_to));
        let bill_to = bill_to.map_err(|e| Error::field("bill_to", e))?;
        billing_account::change(tx, before.id, name, &bill_to).await?;
        // The address itself stays out of the log.
        let what = json!({ "change": "changed", "name": name, "bill_to_changed": bill_to != before.bill_to });
        change.finish(app, tx, principal, (EventType::BillingAccountChanged, what), &[]).await
    })
}

/// Makes somebody an admin who is known to the organization; its new version. Doing so twice changes nothing. An operator may where no
/// admin can act any more.
///
/// # Errors
/// `NotFound`; `not_known_here`; `has_active_admins` for an operator when one of its admins can act; `VersionChanged`; a refusal for anybody but its admins.
pub async fn add_billing_admin(
    app: &App,
    principal: &Principal,
    (reference, who): (&str, &str),
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let proof = BillingAccountProof::load(app, tx, principal, reference, Action::ViewBillingAccount).await?;
        let is_appointed = !proof.may(app, MANAGE) && proof.may(app, Action::AppointBillingAdmin);
        if !is_appointed {
            proof.require(app, MANAGE)?;
        } else if billing_account::count_active_admins(tx, proof.account().id).await? > 0 {
            let detail = "One of its admins can act, and is the one to ask. An operator gives it an admin when none can any more.";
            return Err(Error::refused("has_active_admins", "It has admins who can act", detail));
        }
        let change = BillingAccountChange::of(app, tx, proof, expected).await?;
        let of = change.account();
        let found = match account::find(tx, who).await {
            Ok(found) if organization::is_known(tx, of.organization, found.id).await? || of.payer == Some(found.id) => {
                found
            }
            Ok(_) | Err(Error::NotFound { .. }) => return Err(not_known(who)),
            Err(other) => return Err(other),
        };
        if !billing_account::change_admin(tx, of.id, found.id, true).await? {
            return Ok(of.version + 1);
        }
        let what = json!({ "change": "admin_added", "account": found.id });
        change.finish(app, tx, principal, (EventType::BillingAccountChanged, what), &[]).await
    })
}

/// Takes an admin away; its new version.
///
/// # Errors
/// `NotFound`, also for somebody who is none; `last_admin`; `VersionChanged`; a refusal for anybody but its admins.
pub async fn remove_billing_admin(
    app: &App,
    principal: &Principal,
    (reference, who): (&str, &str),
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change = BillingAccountChange::begin(app, tx, principal, (reference, MANAGE), expected).await?;
        let of = change.account();
        let admins = billing_account::list_admins(tx, of.id).await?;
        let is_meant =
            |id: &str, email: &str| id == who || orglink_domain::name::fold(email) == orglink_domain::name::fold(who);
        let found = admins.into_iter().find(|admin| is_meant(&admin.id.to_string(), &admin.email));
        let found = found.ok_or_else(|| Error::not_found("billing admin", who))?;
        billing_account::change_admin(tx, of.id, found.id, false).await?;
        let what = json!({ "change": "admin_removed", "account": found.id });
        change.finish(app, tx, principal, (EventType::BillingAccountChanged, what), &[found.id]).await
    })
}

fn not_known(who: &str) -> Error {
    let detail = format!(
        "'{who}' is nobody whom the organization knows: a role in it, or membership in a workspace that is linked to it. \
         Invite them first. Nothing was changed."
    );
    Error::refused("not_known_here", "The organization does not know them", detail)
}
