//! Every account, for whoever may suspend it.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};
use orglink_app::{Page, account};
use orglink_domain::account::Account;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::pages::{ListQuery, saved};
use crate::shell::{Shell, render};

const HERE: &str = "/operator/accounts";

#[derive(Template)]
#[template(path = "operator_accounts.html")]
struct AccountsPage {
    shell: Shell,
    found: Page<Account>,
    text: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let text = query.text().to_owned();
    let found = account::list_accounts(&app, visitor.principal(), &text, &query.request()?).await?;
    let shell = Shell::new(&app, &visitor, "Accounts").await?.here("Accounts").after_saving(query.saved.as_deref());
    render(&AccountsPage { shell, found, text })
}

#[derive(Deserialize)]
pub struct SuspendForm {
    account: String,
    #[serde(default)]
    reason: String,
}

pub async fn suspend(State(app): State<AppState>, form: CheckedForm<SuspendForm>) -> Result<Redirect, Failure> {
    account::suspend_account(&app, form.visitor.principal(), &form.form.account, &form.form.reason).await?;
    Ok(saved(HERE))
}

pub async fn restore(State(app): State<AppState>, form: CheckedForm<SuspendForm>) -> Result<Redirect, Failure> {
    account::restore_account(&app, form.visitor.principal(), &form.form.account).await?;
    Ok(saved(HERE))
}
