//! Looks at bills, and takes them out.

use std::fmt::Write as _;

use orglink_domain::billing::invoice::Line;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::invoice::{self, Invoice};
use orglink_store::{billing_account, organization};

use crate::csv::csv_cell;
use crate::page::elsewhere;
use crate::tenant::{BillingAccountProof, instead};
use crate::{App, Error, Page, PageRequest, Principal};

/// A bill with its lines.
#[derive(Debug, Clone)]
pub struct InvoiceView {
    pub invoice: Invoice,
    pub lines: Vec<Line>,
    pub account_name: String,
    pub organization: Organization,
}

/// Looks at a bill by its number.
///
/// # Errors
/// `NotFound` when there is none, or for whoever may not see its billing account.
pub async fn view_invoice(app: &App, principal: &Principal, number: &str) -> Result<InvoiceView, Error> {
    let mut tx = app.db.begin_read().await?;
    let absent = || Error::not_found("invoice", number);
    let invoice = invoice::find_by_number(&mut tx, number).await?.ok_or_else(absent)?;
    let (of, action) = (invoice.account.to_string(), Action::ViewBillingAccount);
    let proof = BillingAccountProof::load(app, &mut tx, principal, &of, action).await.map_err(instead(absent))?;
    let lines = invoice::list_lines(&mut tx, invoice.sequence).await?;
    Ok(InvoiceView {
        invoice,
        lines,
        account_name: proof.account().name.clone(),
        organization: proof.organization().clone(),
    })
}

/// The bills of an account, the newest first.
///
/// # Errors
/// `NotFound` for whoever may not see the account.
pub async fn list_account_invoices(
    app: &App,
    principal: &Principal,
    account: &str,
    page: &PageRequest,
) -> Result<Page<Invoice>, Error> {
    let mut tx = app.db.begin_read().await?;
    let action = Action::ViewBillingAccount;
    let proof = BillingAccountProof::load(app, &mut tx, principal, account, action).await?;
    let before = position(page)?.unwrap_or(i64::MAX);
    let found = invoice::list_of_account(&mut tx, proof.account().id, before, page.fetch()).await?;
    Ok(page.page(found, |invoice| invoice.sequence.to_string()))
}

/// All bills in the order of their numbers, with their lines, for an operator.
///
/// # Errors
/// A refusal for anybody else.
pub async fn list_all_invoices(
    app: &App,
    principal: &Principal,
    page: &PageRequest,
) -> Result<Page<InvoiceView>, Error> {
    app.require(Action::ManageInvoices, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    let after = position(page)?.unwrap_or(0);
    let found = invoice::list_all(&mut tx, after, page.fetch()).await?;
    let found = page.page(found, |invoice| invoice.sequence.to_string());
    let last = found.items.last().map_or(after, |invoice| invoice.sequence);
    let mut lines = invoice::list_lines_between(&mut tx, after, last).await?.into_iter().peekable();
    let mut items = Vec::with_capacity(found.items.len());
    for invoice in found.items {
        let mut of = Vec::new();
        while let Some(line) = lines.next_if(|line| line.sequence == invoice.sequence) {
            of.push(line.line);
        }
        let account = billing_account::find(&mut tx, invoice.account).await?;
        let organization = organization::find(&mut tx, invoice.organization).await?;
        let (Some(account), Some(organization)) = (account, organization) else {
            return Err(Error::broken("what a bill was made for is gone"));
        };
        items.push(InvoiceView { invoice, lines: of, account_name: account.name, organization });
    }
    Ok(Page { items, next: found.next })
}

fn position(page: &PageRequest) -> Result<Option<i64>, Error> {
    match page.after() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| elsewhere()),
    }
}

/// A line a line, for a spreadsheet.
#[must_use]
pub fn invoice_csv(view: &InvoiceView) -> String {
    let mut text = String::from("invoice,issued_on,workspace,name,plan,billing_cycle,people,from,until,net,currency\n");
    for line in &view.lines {
        let cells = [
            view.invoice.number.clone(),
            view.invoice.issued_on.to_string(),
            line.slug.clone(),
            line.name.clone(),
            line.plan.to_string(),
            line.cycle.to_string(),
            line.people.to_string(),
            line.days.from.to_string(),
            line.days.until.to_string(),
            line.net.to_string(),
            view.invoice.currency.to_string(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}
