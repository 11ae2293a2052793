//! Makes the bills that are due.

use orglink_domain::billing::account::BillingAccount;
use orglink_domain::billing::invoice::{Draft, Due, Line, draft};
use orglink_domain::billing::period::Days;
use orglink_domain::day::Day;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::invoice::{self, Invoice};
use orglink_store::{Tx, billing_account, event, fault, in_write};
use serde_json::json;

use crate::{App, Error, Principal, billing};

/// Accounts in one transaction.
const BATCH: i64 = 200;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Issued {
    /// Accounts that were looked at.
    pub accounts: u64,
    pub invoices: u64,
    /// Workspaces that could not be charged; see the reconciliation.
    pub uncharged: u64,
}

/// Makes all bills that are due, as an operator: what the loop does by itself.
///
/// # Errors
/// A refusal for anybody else; what was done before an error stays done.
pub async fn issue_invoices(app: &App, principal: &Principal) -> Result<Issued, Error> {
    app.require(Action::ManageInvoices, principal.standing())?;
    let mut all = Issued::default();
    loop {
        let done = issue_due(app).await?;
        if done.accounts == 0 {
            return Ok(all);
        }
        all.accounts += done.accounts;
        all.invoices += done.invoices;
        all.uncharged += done.uncharged;
    }
}

/// Makes the bills of a few hundred accounts that are due, in one transaction, so that no number is lost.
///
/// # Errors
/// When the database is not reachable; then nothing has happened.
pub async fn issue_due(app: &App) -> Result<Issued, Error> {
    let today = billing::today(app)?;
    let month = Days::month_of(today);
    let is_due = !billing_account::list_due(&mut app.db.begin_read().await?, month.until, 1).await?.is_empty();
    if !is_due {
        return Ok(Issued::default());
    }
    in_write!(app.db, tx, {
        let due = billing_account::list_due(tx, month.until, BATCH).await?;
        issue(app, tx, &due, (today, month)).await
    })
}

async fn issue(app: &App, tx: &mut Tx, due: &[BillingAccount], (today, month): (Day, Days)) -> Result<Issued, Error> {
    let terms = &app.catalog.billing;
    let mut paid_for = invoice::list_due_workspaces(tx, due).await?;
    let mut done = Issued { accounts: u64::try_from(due.len()).unwrap_or(u64::MAX), ..Issued::default() };
    let mut drafts: Vec<(&BillingAccount, Draft)> = Vec::new();
    for account in due {
        invoice::settle(tx, account, month.until).await?;
        let workspaces = paid_for.remove(&account.id).unwrap_or_default();
        if !terms.taxes.contains_key(&account.tax) {
            tracing::error!(account = %account.id, tax = account.tax, "the catalog has no such tax: the billing account gets no bill");
            done.uncharged += u64::try_from(workspaces.len()).unwrap_or(u64::MAX);
            continue;
        }
        let all: Vec<Due> = workspaces.iter().map(|w| w.due.clone()).collect();
        let made = draft(terms, (account.currency, &account.tax), &all, month);
        for unpriced in &made.unpriced {
            tracing::warn!(workspace = unpriced.slug, from = %unpriced.from, why = %unpriced.why, "could not be charged");
        }
        done.uncharged += u64::try_from(made.unpriced.len()).unwrap_or(u64::MAX);
        for w in &workspaces {
            if let Some(until) = made.charged_until.get(&w.due.payable.id) {
                invoice::charge(tx, account.id, w, *until).await?;
            }
        }
        if !made.lines.is_empty() {
            drafts.push((account, made));
        }
    }
    fault::point("invoice.charged");
    if drafts.is_empty() {
        return Ok(done);
    }
    let count = i64::try_from(drafts.len()).unwrap_or(i64::MAX);
    let first = invoice::take_numbers(tx, count).await?;
    let (mut made, mut events) = (Vec::with_capacity(drafts.len()), Vec::with_capacity(drafts.len()));
    for (sequence, (account, draft)) in (first..).zip(drafts) {
        let (invoice, lines) = numbered(app, sequence, account, draft, today);
        events.push((told(&invoice, account, &lines), None));
        made.push((invoice, lines));
    }
    invoice::create_all(tx, &made).await?;
    event::append_all(tx, app.origin(Actor::SYSTEM, app.now()), &events).await?;
    fault::point("invoice.issued");
    app.feed.poke();
    done.invoices = u64::try_from(made.len()).unwrap_or(u64::MAX);
    Ok(done)
}

/// A bill as it will stand.
fn numbered(app: &App, sequence: i64, account: &BillingAccount, draft: Draft, today: Day) -> (Invoice, Vec<Line>) {
    let terms = &app.catalog.billing;
    let tax = terms.taxes.get(&account.tax);
    let invoice = Invoice {
        sequence,
        number: terms.invoice.number(sequence),
        account: account.id,
        organization: account.organization,
        issued_on: today,
        due_on: today.plus(i64::from(terms.invoice.due_days)).unwrap_or(today),
        period: draft.days().unwrap_or(Days { from: today, until: today }),
        currency: account.currency,
        tax_title: tax.map_or_else(|| account.tax.clone(), |tax| tax.title.clone()),
        tax_percent: tax.map(|tax| tax.percent).unwrap_or_default(),
        bill: draft.bill,
        bill_to: account.bill_to.clone(),
        issuer: terms.invoice.issuer.trim().to_owned(),
    };
    (invoice, draft.lines)
}

/// That there is a bill; how much it comes to stands on it, for whoever may see it: auditors read events, not what things cost.
fn told(invoice: &Invoice, account: &BillingAccount, lines: &[Line]) -> NewEvent {
    NewEvent {
        kind: EventType::InvoiceIssued,
        organization_id: Some(invoice.organization),
        workspace_id: None,
        payload: json!({
            "invoice": invoice.number,
            "billing_account": { "id": account.id, "name": account.name },
            "issued_on": invoice.issued_on, "due_on": invoice.due_on,
            "period": { "from": invoice.period.from, "until": invoice.period.until },
            "lines": lines.len().to_string(),
        }),
    }
}
