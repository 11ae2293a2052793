//! Whether the bills are right: numbers without gaps, sums that are the sums of their parts to the cent, no day charged twice.

use std::collections::{BTreeMap, HashMap};

use orglink_domain::billing::invoice::find_overlap;
use orglink_domain::billing::period::Days;
use orglink_domain::day::Day;
use orglink_domain::id::{BillingAccountId, WorkspaceId};
use orglink_domain::money::{Amount, Currency};
use orglink_policy::Action;
use orglink_store::Tx;
use orglink_store::invoice::{self, Invoice};
use uuid::Uuid;

use crate::{App, Error, Principal, billing};

/// Bills looked at together, and workspaces.
const BATCH: i64 = 1000;
/// How many faults are told, and how much that could not be charged.
const MOST: usize = 100;

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default)]
pub struct Reconciliation {
    pub invoices: u64,
    pub lines: u64,
    /// The number that was taken last.
    pub last: i64,
    /// Net and tax by currency.
    pub sums: BTreeMap<Currency, (Amount, Amount)>,
    /// What is wrong; empty when nothing is. At most 100.
    pub faults: Vec<String>,
    /// What bills should have charged and could not: the next ones try again. At most 100.
    pub uncharged: Vec<Uncharged>,
}

/// A workspace that could not be charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncharged {
    pub workspace: String,
    pub account: BillingAccountId,
    pub from: Day,
}

impl Reconciliation {
    fn fault(&mut self, what: String) {
        if self.faults.len() < MOST {
            self.faults.push(what);
        }
    }
}

/// Looks at every bill there is, in one snapshot.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn reconcile(app: &App, principal: &Principal) -> Result<Reconciliation, Error> {
    app.require(Action::ManageInvoices, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    let mut found = Reconciliation { last: invoice::find_last(&mut tx).await?, ..Reconciliation::default() };
    check_invoices(app, &mut tx, &mut found).await?;
    check_workspaces(&mut tx, &mut found).await?;
    let month = Days::month_of(billing::today(app)?);
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let uncharged = invoice::list_uncharged(&mut tx, month.from, most).await?;
    found.uncharged =
        uncharged.into_iter().map(|(workspace, account, from)| Uncharged { workspace, account, from }).collect();
    Ok(found)
}

async fn check_invoices(app: &App, tx: &mut Tx, found: &mut Reconciliation) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let page = invoice::list_all(tx, after, BATCH).await?;
        let Some(last) = page.last().map(|invoice| invoice.sequence) else { break };
        let mut nets: HashMap<i64, Amount> = HashMap::with_capacity(page.len());
        for line in invoice::list_lines_between(tx, after, last).await? {
            let net = nets.entry(line.sequence).or_default();
            *net = *net + line.line.net;
            found.lines += 1;
        }
        for (expected, invoice) in (after + 1..).zip(&page) {
            if invoice.sequence != expected {
                found.fault(format!("after {after}: {expected} is missing, {} is there", invoice.sequence));
            }
            check_sums(app, invoice, nets.remove(&invoice.sequence), found);
            after = invoice.sequence;
        }
    }
    if found.last != after {
        found.fault(format!("the last number taken is {}, the last bill has {after}", found.last));
    }
    Ok(())
}

fn check_sums(app: &App, invoice: &Invoice, lines: Option<Amount>, found: &mut Reconciliation) {
    let decimals = app.catalog.billing.decimals(invoice.currency);
    found.invoices += 1;
    let sums = found.sums.entry(invoice.currency).or_default();
    *sums = (sums.0 + invoice.bill.net, sums.1 + invoice.bill.tax);
    if lines != Some(invoice.bill.net) {
        let lines = lines.map_or_else(|| "nothing".to_owned(), |net| net.to_string());
        found.fault(format!("{}: its lines add up to {lines}, it says {}", invoice.number, invoice.bill.net));
    }
    let tax = invoice.bill.net.percent(invoice.tax_percent, decimals);
    if tax != invoice.bill.tax {
        found.fault(format!("{}: its tax is {tax}, it says {}", invoice.number, invoice.bill.tax));
    }
}

async fn check_workspaces(tx: &mut Tx, found: &mut Reconciliation) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let page = invoice::list_charged(tx, after, BATCH).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = last.0;
        let ids: Vec<WorkspaceId> = page.iter().map(|(id, _)| *id).collect();
        let mut lines = invoice::list_days(tx, &ids).await?;
        for (id, until) in page {
            let days = lines.remove(&id).unwrap_or_default();
            if let Some(day) = find_overlap(&days, until) {
                found.fault(format!("workspace {id}: charged twice, or too far, from {day} on"));
            }
        }
    }
}
