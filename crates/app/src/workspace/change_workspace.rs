//! Changes what a workspace's own admins decide: its name, what it pays for, whom bills and notices go to.

use orglink_domain::id::AccountId;
use orglink_domain::name::check_title;
use orglink_domain::plan::differences;
use orglink_domain::workspace::{BillingCycle, ContactKind, Kind, SubscriptionPlan, Workspace};
use orglink_policy::Action;
use orglink_store::{Tx, in_write, workspace};
use serde_json::{Value, json};

use super::find_member;
use crate::change::WorkspaceChange;
use crate::{App, Error, Expected, Principal};

/// What is to be different; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct WorkspacePatch {
    pub name: Option<String>,
    pub plan: Option<SubscriptionPlan>,
    pub billing_cycle: Option<BillingCycle>,
    /// Members of the workspace, or people who are contacts already, by address.
    pub billing_contacts: Option<Vec<String>>,
    pub technical_contacts: Option<Vec<String>>,
}

/// The most contacts of one kind.
const MAX_CONTACTS: usize = 50;

/// Changes a workspace; its new version.
///
/// # Errors
/// `NotFound`; bad input by field; `VersionChanged`; a refusal for anybody but a workspace admin.
pub async fn change_workspace(
    app: &App,
    principal: &Principal,
    reference: &str,
    patch: &WorkspacePatch,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, reference, Action::ChangeWorkspace, expected).await?;
        let before = change.workspace().clone();
        let mut after = before.clone();
        if let Some(name) = &patch.name {
            let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
            name.clone_into(&mut after.name);
        }
        after.plan = patch.plan.unwrap_or(after.plan);
        after.billing_cycle = patch.billing_cycle.unwrap_or(after.billing_cycle);
        let contacts = workspace::list_contacts(tx, before.id).await?;
        for (field, kind, given) in [
            ("billing_contacts", ContactKind::Billing, &patch.billing_contacts),
            ("technical_contacts", ContactKind::Technical, &patch.technical_contacts),
        ] {
            if let Some(given) = given {
                let accounts = contact_ids(tx, &before, field, given, &contacts).await?;
                workspace::change_contacts(tx, before.id, kind, &accounts).await?;
            }
        }
        workspace::change(tx, &after, change.at()).await?;
        let now = workspace::list_contacts(tx, before.id).await?;
        let fields = differences(&fields(&before, &contacts), &fields(&after, &now));
        change.finish(app, tx, principal, json!({ "change": "workspace_changed", "fields": json!(fields) })).await
    })
}

/// Makes a personal workspace a team's: what `personal_workspace` asks for. There is no way back.
///
/// # Errors
/// `NotFound`; `already_team`; `VersionChanged`; a refusal for anybody but a workspace admin.
pub async fn convert_workspace(
    app: &App,
    principal: &Principal,
    reference: &str,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, reference, Action::ChangeWorkspace, expected).await?;
        if change.workspace().kind == Kind::Team {
            let detail = "This workspace is a team workspace already; there is nothing to convert.";
            return Err(Error::refused("already_team", "Nothing to convert", detail));
        }
        let converted = Workspace { kind: Kind::Team, ..change.workspace().clone() };
        workspace::change(tx, &converted, change.at()).await?;
        change.finish(app, tx, principal, json!({ "change": "workspace_converted", "kind": Kind::Team })).await
    })
}

/// Contacts must be known to the workspace: its members, or whoever is a contact already. An address from
/// elsewhere is refused alike, whether or not it has an account.
async fn contact_ids(
    tx: &mut Tx,
    workspace: &Workspace,
    field: &'static str,
    given: &[String],
    contacts: &[(ContactKind, String)],
) -> Result<Vec<AccountId>, Error> {
    if given.len() > MAX_CONTACTS {
        return Err(Error::field(field, format!("a workspace has at most {MAX_CONTACTS} contacts of a kind")));
    }
    let mut accounts = Vec::new();
    for email in given.iter().map(|e| e.trim()).filter(|e| !e.is_empty()) {
        let is_contact = contacts.iter().any(|(_, there)| there.eq_ignore_ascii_case(email));
        let found = if is_contact {
            orglink_store::account::find_by_email(tx, email).await?
        } else {
            find_member(tx, workspace.id, email).await?
        };
        let Some(account) = found else {
            let email: String = email.chars().take(100).collect();
            let detail = format!("'{email}' is neither a member of the workspace nor one of its contacts");
            return Err(Error::field(field, detail));
        };
        accounts.push(account.id);
    }
    accounts.sort_unstable();
    accounts.dedup();
    Ok(accounts)
}

fn fields(workspace: &Workspace, contacts: &[(ContactKind, String)]) -> Value {
    // How many, not who: an event's payload names people by id only.
    let count = |kind| contacts.iter().filter(|(k, _)| *k == kind).count().to_string();
    json!({
        "name": workspace.name, "plan": workspace.plan, "billing_cycle": workspace.billing_cycle,
        "billing_contacts": count(ContactKind::Billing), "technical_contacts": count(ContactKind::Technical),
    })
}
