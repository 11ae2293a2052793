//! All bills, for whoever runs the installation.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};
use orglink_app::Page;
use orglink_app::invoice::{self, InvoiceView, Reconciliation};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::pages::{ListQuery, saved};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_invoices.html")]
struct InvoicesPage {
    shell: Shell,
    found: Page<InvoiceView>,
    /// Looked at on request: it reads every bill there is.
    checked: Option<Reconciliation>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = invoice::list_all_invoices(&app, visitor.principal(), &query.request()?).await?;
    let shell = Shell::new(&app, &visitor, "Bills").await?.here("All bills").after_saving(query.saved.as_deref());
    render(&InvoicesPage { shell, found, checked: None })
}

pub async fn check(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let checked = Some(invoice::reconcile(&app, visitor.principal()).await?);
    let found = invoice::list_all_invoices(&app, visitor.principal(), &query.request()?).await?;
    let shell = Shell::new(&app, &visitor, "Bills").await?.here("All bills");
    render(&InvoicesPage { shell, found, checked })
}

#[derive(Deserialize)]
pub struct IssueForm {}

pub async fn issue(State(app): State<AppState>, form: CheckedForm<IssueForm>) -> Result<Redirect, Failure> {
    invoice::issue_invoices(&app, form.visitor.principal()).await?;
    Ok(saved("/operator/invoices"))
}
