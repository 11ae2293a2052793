//! Splits a billing account: some of what it pays for comes on a bill of its own, with the same admins and the same payer.

use std::collections::BTreeSet;

use orglink_domain::billing::account::BillingAccount;
use orglink_domain::event::EventType;
use orglink_domain::id::BillingAccountId;
use orglink_domain::name::{check_title, fold};
use orglink_policy::Action;
use orglink_store::billing_account::PaidWorkspace;
use orglink_store::{billing_account, in_write};
use serde_json::json;

use super::change::BillingAccountChange;
use crate::{App, Error, Expected, Principal};

/// How many workspaces are named at once.
const MOST: usize = 500;

/// Makes a new account for these workspaces, by slug; its id.
///
/// # Errors
/// Bad input when there are none, too many, or all of them; `NotFound`; `VersionChanged`; a refusal for anybody but its admins.
pub async fn split_billing_account(
    app: &App,
    principal: &Principal,
    reference: &str,
    (name, workspaces): (&str, &[String]),
    expected: Expected,
) -> Result<BillingAccountId, Error> {
    let id = BillingAccountId(app.new_id(app.now()));
    in_write!(app.db, tx, {
        let begin = (reference, Action::ManageBillingAccount);
        let change = BillingAccountChange::begin(app, tx, principal, begin, expected).await?;
        let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
        let wanted: BTreeSet<String> = workspaces.iter().map(|w| fold(w.trim())).filter(|w| !w.is_empty()).collect();
        if wanted.is_empty() || wanted.len() > MOST {
            return Err(Error::field("workspaces", format!("name 1 to {MOST} workspaces that it pays for")));
        }
        let of = change.account();
        let mut moved: Vec<PaidWorkspace> = Vec::with_capacity(wanted.len());
        for slug in &wanted {
            let found = billing_account::find_workspace(tx, of.id, slug).await?;
            moved.push(found.ok_or_else(|| {
                Error::field("workspaces", format!("'{slug}' is no workspace that this billing account pays for"))
            })?);
        }
        if i64::try_from(moved.len()).ok() == Some(billing_account::count_workspaces(tx, of.id).await?) {
            let detail = "These are all that it pays for: there is nothing to split. Rename it instead.";
            return Err(Error::field("workspaces", detail));
        }
        let new = BillingAccount {
            id,
            name: name.to_owned(),
            merged_into: None,
            version: 1,
            created_at: change.at(),
            ..of.clone()
        };
        let links: Vec<_> = moved.iter().map(|w| w.link).collect();
        billing_account::split(tx, of.id, &new, &links).await?;
        let slugs: Vec<&str> = moved.iter().map(|w| w.slug.as_str()).collect();
        let what = json!({ "change": "split", "new_account": { "id": id, "name": name }, "workspaces": slugs });
        change.finish(app, tx, principal, (EventType::BillingAccountChanged, what), &[]).await?;
        Ok(id)
    })
}
