//! Billing accounts: who pays, for what, and what is asked.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::billing_account::{self, AccountChange, BillingAccountView, PaidWorkspace, RequestView};
use orglink_app::invoice::{self, Invoice};
use orglink_app::{Error, Page};
use orglink_domain::billing::account::{BillingAccount, RequestKind};
use orglink_domain::digest::Digest;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved, seen, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "billing_accounts.html")]
struct AccountsPage {
    shell: Shell,
    found: Page<(BillingAccount, i64)>,
}

#[derive(Template)]
#[template(path = "billing_account.html")]
struct AccountPage {
    shell: Shell,
    view: BillingAccountView,
    workspaces: Page<PaidWorkspace>,
    invoices: Page<Invoice>,
    here: String,
}

/// What a request asks, as a sentence.
fn wish(request: &RequestView) -> String {
    let (name, who) = (&request.account_name, &request.who);
    match request.kind {
        RequestKind::Payer => format!("{who} is asked to pay {name}."),
        RequestKind::Release => format!("Whoever pays {name} no longer wants to; its admins would pay."),
        RequestKind::Merge => format!("{who} is asked to pay for everything of {name}."),
    }
}

pub async fn list(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = billing_account::list_my_billing_accounts(&app, visitor.principal(), &query.request()?).await?;
    let shell = Shell::new(&app, &visitor, "Bills").await?.here("Bills");
    render(&AccountsPage { shell, found })
}

#[derive(Deserialize)]
pub struct AccountQuery {
    /// Of its workspaces.
    cursor: Option<String>,
    /// Of its bills.
    bills: Option<String>,
    /// Somebody comes from saving something here.
    saved: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
    QueryString(query): QueryString<AccountQuery>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let view = billing_account::view_billing_account(&app, principal, &id).await?;
    let page = |cursor: Option<&str>| orglink_app::PageRequest::new(cursor, None);
    let workspaces = page(query.cursor.as_deref())?;
    let workspaces = billing_account::list_paid_workspaces(&app, principal, &id, &workspaces).await?;
    let invoices = invoice::list_account_invoices(&app, principal, &id, &page(query.bills.as_deref())?).await?;
    let shell = Shell::new(&app, &visitor, format!("Billing account · {}", view.account.name)).await?;
    let shell = shell.here("Bills").after_saving(query.saved.as_deref());
    let here = format!("/billing-accounts/{}", view.account.id);
    render(&AccountPage { shell, view, workspaces, invoices, here })
}

#[derive(Deserialize)]
pub struct AccountForm {
    /// `change`, `add_admin`, `remove_admin`, `split`, `ask_payer`, `ask_release`, `ask_merge`, `agree` or `end`.
    what: String,
    version: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    bill_to: String,
    /// An address, an id, or slugs.
    #[serde(default)]
    who: String,
    /// The account that a request is about, when it is another one.
    #[serde(default)]
    of: String,
    /// Of what was looked at.
    #[serde(default)]
    digest: String,
}

pub async fn change(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<AccountForm>,
) -> Result<Redirect, Failure> {
    let (principal, given) = (form.visitor.principal(), &form.form);
    // Whoever may not see it is told nothing of what they sent.
    billing_account::view_billing_account(&app, principal, &id).await?;
    let expected = || seen(given.version.as_deref());
    let of = if given.of.is_empty() { &id } else { &given.of };
    match given.what.as_str() {
        "change" => {
            let wanted = AccountChange { name: Some(given.name.clone()), bill_to: Some(given.bill_to.clone()) };
            billing_account::change_billing_account(&app, principal, &id, &wanted, expected()?).await?;
        }
        "add_admin" => {
            billing_account::add_billing_admin(&app, principal, (&id, given.who.trim()), expected()?).await?;
        }
        "remove_admin" => {
            billing_account::remove_billing_admin(&app, principal, (&id, given.who.trim()), expected()?).await?;
        }
        "split" => {
            let what = (given.name.as_str(), several(&given.who));
            let what = (what.0, what.1.as_slice());
            let made = billing_account::split_billing_account(&app, principal, &id, what, expected()?).await?;
            return Ok(saved(&format!("/billing-accounts/{made}")));
        }
        "ask_payer" => billing_account::ask_to_pay(&app, principal, &id, &given.who).await?,
        "ask_release" => billing_account::ask_to_release(&app, principal, &id).await?,
        "ask_merge" => billing_account::ask_to_merge(&app, principal, &id, &given.who).await?,
        "agree" => {
            let shown = given.digest.parse::<Digest>().map_err(|e| Error::field("digest", e.to_string()))?;
            billing_account::agree_to_request(&app, principal, of, Some(shown)).await?;
        }
        "end" => billing_account::end_request(&app, principal, of).await?,
        _ => return Err(Error::field("what", "is not one of what this page can do").into()),
    }
    Ok(saved(&format!("/billing-accounts/{id}")))
}
