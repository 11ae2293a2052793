//! Leaves: closes an account and erases what is personal of it. Its id stays, as a former account, for the links and
//! events that name it.

use orglink_domain::event::EventType;
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{StoreError, Tx, account, directory, event, in_write, organization, passkey, workspace};
use serde_json::json;

use super::append;
use super::pending::{self, Pending};
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::{App, Error, Expected, Principal, Refusal, RefusalReason, domain_claim};

/// Something that somebody leaves.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub slug: String,
    pub name: String,
    pub is_admin: bool,
    /// Nobody else administers it: it must be handed over or deleted first.
    pub is_last_admin: bool,
}

/// What erasing an account would do.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// To be typed by whoever means it.
    pub email: String,
    pub workspaces: Vec<Leaving>,
    pub organizations: Vec<Leaving>,
    pub is_last_operator: bool,
    /// Billing accounts that nobody else administers, by name.
    pub last_billing_accounts: Vec<String>,
    /// Workspaces that it sells on, and billing accounts that it pays.
    pub paid_by_it: i64,
    pub tokens: i64,
    pub sessions: i64,
    pub passkeys: usize,
    pub watched_workspaces: usize,
    pub pending: Pending,
}

impl Erasure {
    /// Why it cannot be done now, each with what to do.
    #[must_use]
    pub fn reasons(&self) -> Vec<RefusalReason> {
        let last = |kind: &str, l: &Leaving| RefusalReason {
            code: "last_admin",
            detail: format!("You are the only admin of the {kind} {} ({}).", l.name, l.slug),
            remedy: Some("Make somebody else an admin, or delete it."),
            who: None,
        };
        let workspaces = self.workspaces.iter().filter(|l| l.is_last_admin).map(|l| last("workspace", l));
        let organizations = self.organizations.iter().filter(|l| l.is_last_admin).map(|l| last("organization", l));
        let operator = self.is_last_operator.then(|| RefusalReason {
            code: "last_operator",
            detail: "You are the only operator of this installation.".to_owned(),
            remedy: Some("Make somebody else an operator: orglink operator grant EMAIL."),
            who: None,
        });
        let billing = self.last_billing_accounts.iter().map(|name| RefusalReason {
            code: "last_billing_admin",
            detail: format!("You are the only admin of the billing account {name}."),
            remedy: Some("Ask the operator to have somebody else administer it."),
            who: Some("the operator"),
        });
        let paid = (self.paid_by_it > 0).then(|| RefusalReason {
            code: "payer",
            detail: format!(
                "You pay for {} as a reseller.",
                if self.paid_by_it == 1 {
                    "one workspace or account".to_owned()
                } else {
                    format!("{} workspaces or accounts", self.paid_by_it)
                }
            ),
            remedy: Some("Ask the operator to name another reseller."),
            who: Some("the operator"),
        });
        workspaces.chain(organizations).chain(operator).chain(billing).chain(paid).collect()
    }
}

/// What erasing the account of the one who asks would do, and what stands in its way.
///
/// # Errors
/// When the database is not reachable.
pub async fn preview_erasure(app: &App, principal: &Principal) -> Result<Erasure, Error> {
    let mut tx = app.db.begin_read().await?;
    preview(app, &mut tx, principal.account()?.id).await
}

/// Erases the account of the one who asks: takes it out of everything, ends what is pending of it, its sessions and
/// tokens, and deletes its address (also from what others were told), name, password and passkeys, and the payloads of
/// its events.
///
/// # Errors
/// Bad input when `confirm` is not the account's address; `last_admin` with every place that somebody else must
/// administer first.
pub async fn erase_account(app: &App, principal: &Principal, confirm: &str) -> Result<(), Error> {
    let id = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = account::find(tx, id).await?.ok_or(Error::SignedOut)?;
        if fold(confirm.trim()) != fold(&found.email) {
            return Err(Error::field("confirm", "type the e-mail address of your account to confirm"));
        }
        let reasons = preview(app, tx, id).await?.reasons();
        if !reasons.is_empty() {
            return Err(still_needed(reasons));
        }
        let spellings = pending::end(app, tx, principal, &found).await?;
        domain_claim::end_of_account(app, tx, principal, id).await?;
        leave_workspaces(app, tx, principal, id).await?;
        leave_organizations(app, tx, principal, id).await?;
        account::remove_billing(tx, id).await?;
        account::erase(tx, &found, app.now()).await?;
        for address in &spellings {
            account::erase_address_elsewhere(tx, address).await?;
        }
        event::erase_payloads_of(tx, id).await?;
        append(app, tx, principal, EventType::AccountErased, json!({ "account": id }), app.now()).await
    })
}

fn still_needed(reasons: Vec<RefusalReason>) -> Error {
    Error::Refused(Box::new(Refusal {
        code: "last_admin",
        title: "Somebody must remain who administers it",
        detail: "You cannot leave while nobody else administers what you do.".to_owned(),
        reasons,
        differences: Vec::new(),
        is_about_permission: false,
    }))
}

async fn preview(app: &App, tx: &mut Tx, id: AccountId) -> Result<Erasure, Error> {
    let found = account::find(tx, id).await?.ok_or(Error::SignedOut)?;
    let (mut workspaces, mut organizations) = (Vec::new(), Vec::new());
    for w in workspaces_of(tx, id).await? {
        let admins = workspace::list_admin_ids(tx, w.id).await?;
        workspaces.push(leaving(w.slug, w.name, &admins, id));
    }
    for o in organizations_of(tx, id).await? {
        let admins = organization::list_admin_ids(tx, o.id).await?;
        organizations.push(leaving(o.slug, o.name, &admins, id));
    }
    let (tokens, sessions) = account::count_what_it_holds(tx, id, app.now()).await?;
    let pending = pending::list(app, tx, &found).await?;
    Ok(Erasure {
        is_last_operator: found.is_operator && account::count_operators(tx).await? == 1,
        last_billing_accounts: account::list_last_billing(tx, id).await?,
        paid_by_it: account::count_paid_by(tx, id).await?,
        email: found.email,
        workspaces,
        organizations,
        tokens,
        sessions,
        passkeys: passkey::list(tx, id).await?.len(),
        watched_workspaces: workspace::list_watched(tx, id).await?.len(),
        pending,
    })
}

fn leaving(slug: String, name: String, admins: &[AccountId], id: AccountId) -> Leaving {
    let is_admin = admins.contains(&id);
    Leaving { slug, name, is_admin, is_last_admin: is_admin && admins.len() == 1 }
}

/// Those that an account is a member of; not those it sees through an organization.
async fn workspaces_of(tx: &mut Tx, id: AccountId) -> Result<Vec<Workspace>, StoreError> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = workspace::list_of_account(tx, id, &after, 500, false).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = fold(&last.slug);
        for w in page {
            if workspace::find_role(tx, w.id, id).await? != WorkspaceRole::None {
                found.push(w);
            }
        }
    }
}

async fn organizations_of(tx: &mut Tx, id: AccountId) -> Result<Vec<Organization>, StoreError> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = organization::list_of_account(tx, id, &after, 500, false).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = fold(&last.slug);
        found.extend(page);
    }
}

async fn leave_workspaces(app: &App, tx: &mut Tx, principal: &Principal, id: AccountId) -> Result<(), Error> {
    // Directories first: they say who is in the groups that are attached to them.
    for of in directory::remove_account(tx, id).await? {
        let Some(found) = organization::find(tx, of).await? else { continue };
        if !organization::guard(tx, of, found.version).await? {
            return Err(StoreError::Conflict.into());
        }
    }
    for w in workspaces_of(tx, id).await? {
        let reference = w.id.to_string();
        let change =
            WorkspaceChange::begin(app, tx, principal, &reference, Action::LeaveWorkspace, Expected::Any).await?;
        workspace::remove_member(tx, w.id, id).await?;
        account::remove_contact(tx, w.id, id).await?;
        change.finish(app, tx, principal, json!({ "change": "member_left", "account": id })).await?;
    }
    // A contact need not be a member.
    for w in account::list_contact_of(tx, id).await? {
        let Some(found) = workspace::find(tx, w).await? else { continue };
        if !workspace::guard(tx, w, found.version).await? {
            return Err(StoreError::Conflict.into());
        }
        account::remove_contact(tx, w, id).await?;
    }
    Ok(())
}

async fn leave_organizations(app: &App, tx: &mut Tx, principal: &Principal, id: AccountId) -> Result<(), Error> {
    for o in organizations_of(tx, id).await? {
        let reference = o.id.to_string();
        let action = Action::LeaveOrganization;
        let change = OrganizationChange::begin(app, tx, principal, &reference, action, Expected::Any).await?;
        account::remove_roles(tx, o.id, id).await?;
        change.finish(app, tx, principal, json!({ "change": "holder_left", "account": id })).await?;
    }
    Ok(())
}
