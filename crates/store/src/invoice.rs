//! The bills of billing accounts, and what is to be charged next.

use std::collections::{BTreeSet, HashMap};

use orglink_domain::billing::account::BillingAccount;
use orglink_domain::billing::invoice::{Due, Line};
use orglink_domain::billing::period::Days;
use orglink_domain::billing::preview::{Bill, Payable, Payer};
use orglink_domain::day::Day;
use orglink_domain::id::{AccountId, BillingAccountId, LinkId, OrganizationId, WorkspaceId};
use orglink_domain::money::{Amount, Currency};
use uuid::Uuid;

use crate::billing::{amount, currency};
use crate::row::{can_be_stored, day, word};
use crate::{StoreError, Tx};

/// A bill, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// 1, 2, 3 … over the whole installation, without gaps.
    pub sequence: i64,
    /// As it is printed.
    pub number: String,
    pub account: BillingAccountId,
    pub organization: OrganizationId,
    pub issued_on: Day,
    pub due_on: Day,
    /// What its lines lie in.
    pub period: Days,
    pub currency: Currency,
    pub tax_title: String,
    pub tax_percent: Amount,
    pub bill: Bill,
    pub bill_to: String,
    pub issuer: String,
}

/// A line of the bill with this sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    pub sequence: i64,
    pub line: Line,
}

/// What an account pays for, and by which link.
#[derive(Debug, Clone)]
pub struct DueWorkspace {
    pub link: LinkId,
    pub due: Due,
}

/// Everything that these accounts pay for, with everybody in it.
pub async fn list_due_workspaces(
    tx: &mut Tx,
    accounts: &[BillingAccount],
) -> Result<HashMap<BillingAccountId, Vec<DueWorkspace>>, StoreError> {
    type Row = (Uuid, Uuid, i64, Uuid, String, String, String, String);
    let rows = fetch_by_keys!(
        tx,
        Row,
        "SELECT s.billing_account_id, s.link_id, s.charged_until, w.id, w.slug, w.name, w.plan, w.billing_cycle FROM link_stage s JOIN link l ON l.id = s.link_id AND l.ended_at IS NULL JOIN workspace w ON w.id = l.workspace_id WHERE s.billing_account_id",
        accounts,
        |account| account.id.0,
        ""
    );
    let ids: Vec<Uuid> = rows.iter().map(|row| row.3).collect();
    let in_groups = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT workspace_id, account_id FROM user_group_member WHERE workspace_id",
        ids,
        |id| *id,
        ""
    );
    let by_grants = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT workspace_id, account_id FROM repository_account_grant WHERE workspace_id",
        ids,
        |id| *id,
        ""
    );
    let mut people: HashMap<Uuid, BTreeSet<AccountId>> = HashMap::with_capacity(ids.len());
    for (workspace, account) in in_groups.into_iter().chain(by_grants) {
        people.entry(workspace).or_default().insert(AccountId(account));
    }
    let of: HashMap<Uuid, &BillingAccount> = accounts.iter().map(|account| (account.id.0, account)).collect();
    let mut found: HashMap<BillingAccountId, Vec<DueWorkspace>> = HashMap::with_capacity(accounts.len());
    for (account, link, until, id, slug, name, plan, cycle) in rows {
        let Some(account) = of.get(&account) else { continue };
        let charged_until = day(until, "link_stage", "charged_until", link)?;
        let payable = Payable {
            id: WorkspaceId(id),
            slug,
            plan: word(&plan, "workspace", "plan", id)?,
            cycle: word(&cycle, "workspace", "billing_cycle", id)?,
            currency: account.currency,
            tax: account.tax.clone(),
            people: people.remove(&id).unwrap_or_default(),
            paid_until: Some(charged_until),
            payer: Payer { contacts: BTreeSet::new(), reseller: account.payer },
        };
        let due = DueWorkspace { link: LinkId(link), due: Due { payable, name, charged_until } };
        found.entry(account.id).or_default().push(due);
    }
    Ok(found)
}

/// Takes so many numbers; the first of them. They are given back when the transaction is not committed.
pub async fn take_numbers(tx: &mut Tx, count: i64) -> Result<i64, StoreError> {
    let (last,) = fetch_one!(tx, sql!("invoice/take_numbers"), (i64,), count)?;
    Ok(last - count + 1)
}

/// The number that was taken last; 0 when none was.
pub async fn find_last(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("invoice/find_last"), (i64,))?.0)
}

/// Keeps bills with their lines.
pub async fn create_all(tx: &mut Tx, made: &[(Invoice, Vec<Line>)]) -> Result<(), StoreError> {
    let invoices: Vec<&Invoice> = made.iter().map(|(invoice, _)| invoice).collect();
    insert_all!(
        tx,
        "invoice (sequence, number, billing_account_id, organization_id, issued_on, due_on, period_from, period_until, currency, tax_title, tax_percent, net, tax, bill_to, issuer)",
        invoices,
        |b, i| {
            b.push_bind(i.sequence)
                .push_bind(i.number.as_str())
                .push_bind(i.account.0)
                .push_bind(i.organization.0)
                .push_bind(i.issued_on.number())
                .push_bind(i.due_on.number())
                .push_bind(i.period.from.number())
                .push_bind(i.period.until.number())
                .push_bind(i.currency.to_string())
                .push_bind(i.tax_title.as_str())
                .push_bind(i.tax_percent.to_string())
                .push_bind(i.bill.net.to_string())
                .push_bind(i.bill.tax.to_string())
                .push_bind(i.bill_to.as_str())
                .push_bind(i.issuer.as_str());
        }
    );
    let lines: Vec<(i64, i64, &Line)> = made
        .iter()
        .flat_map(|(invoice, lines)| (1_i64..).zip(lines).map(|(place, line)| (invoice.sequence, place, line)))
        .collect();
    insert_all!(
        tx,
        "invoice_line (sequence, line, workspace_id, slug, name, plan, billing_cycle, people, day_from, day_until, net)",
        lines,
        |b, row| {
            let line = row.2;
            b.push_bind(row.0)
                .push_bind(row.1)
                .push_bind(line.workspace.0)
                .push_bind(line.slug.as_str())
                .push_bind(line.name.as_str())
                .push_bind(line.plan.as_str())
                .push_bind(line.cycle.as_str())
                .push_bind(i64::from(line.people))
                .push_bind(line.days.from.number())
                .push_bind(line.days.until.number())
                .push_bind(line.net.to_string());
        }
    );
    Ok(())
}

/// A workspace is charged up to a day, if charging stands where it was read to stand.
pub async fn charge(tx: &mut Tx, of: BillingAccountId, w: &DueWorkspace, until: Day) -> Result<(), StoreError> {
    let (before, after) = (w.due.charged_until.number(), until.number());
    match execute!(tx, sql!("invoice/charge"), w.link.0, of.0, before, after)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// An account was looked at up to a day.
pub async fn settle(tx: &mut Tx, account: &BillingAccount, until: Day) -> Result<(), StoreError> {
    let before = account.invoiced_until.map_or(0, Day::number);
    match execute!(tx, sql!("invoice/settle"), account.id.0, before, until.number())? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

type Row = (i64, String, Uuid, Uuid, i64, i64, i64, i64, String, String, String, String, String, String, String);

fn from_row(row: Row) -> Result<Invoice, StoreError> {
    let (
        sequence,
        number,
        account,
        organization,
        issued,
        due,
        from,
        until,
        money,
        title,
        percent,
        net,
        tax,
        to,
        issuer,
    ) = row;
    let of_day = |n, column| day(n, "invoice", column, account);
    let of_amount = |text: &str, column| amount(text, "invoice", column, account);
    Ok(Invoice {
        sequence,
        number,
        account: BillingAccountId(account),
        organization: OrganizationId(organization),
        issued_on: of_day(issued, "issued_on")?,
        due_on: of_day(due, "due_on")?,
        period: Days { from: of_day(from, "period_from")?, until: of_day(until, "period_until")? },
        currency: currency(&money, "invoice", account)?,
        tax_title: title,
        tax_percent: of_amount(&percent, "tax_percent")?,
        bill: Bill { net: of_amount(&net, "net")?, tax: of_amount(&tax, "tax")? },
        bill_to: to,
        issuer,
    })
}

pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<Invoice>, StoreError> {
    if !can_be_stored(number) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("invoice/find_by_number"), Row, number)?.map(from_row).transpose()
}

/// The bills of an account, the newest first, before a sequence.
pub async fn list_of_account(
    tx: &mut Tx,
    account: BillingAccountId,
    before: i64,
    limit: i64,
) -> Result<Vec<Invoice>, StoreError> {
    fetch_all!(tx, sql!("invoice/list_of_account"), Row, account.0, before, limit)?.into_iter().map(from_row).collect()
}

/// All bills in the order of their numbers, after a sequence.
pub async fn list_all(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Invoice>, StoreError> {
    fetch_all!(tx, sql!("invoice/list_all"), Row, after, limit)?.into_iter().map(from_row).collect()
}

type LineRow = (i64, i64, Uuid, String, String, String, String, i64, i64, i64, String);

fn line_from_row(row: LineRow) -> Result<InvoiceLine, StoreError> {
    let (sequence, _, id, slug, name, plan, cycle, people, from, until, net) = row;
    let table = "invoice_line";
    let days = Days { from: day(from, table, "day_from", id)?, until: day(until, table, "day_until", id)? };
    let line = Line {
        workspace: WorkspaceId(id),
        slug,
        name,
        plan: word(&plan, table, "plan", id)?,
        cycle: word(&cycle, table, "billing_cycle", id)?,
        people: u32::try_from(people).map_err(|_| StoreError::inconsistent(table, "people", id))?,
        days,
        net: amount(&net, table, "net", id)?,
    };
    Ok(InvoiceLine { sequence, line })
}

/// The lines of a bill.
pub async fn list_lines(tx: &mut Tx, sequence: i64) -> Result<Vec<Line>, StoreError> {
    let rows = fetch_all!(tx, sql!("invoice/list_lines"), LineRow, sequence)?;
    rows.into_iter().map(|row| line_from_row(row).map(|found| found.line)).collect()
}

/// The lines of the bills after one, up to and with another.
pub async fn list_lines_between(tx: &mut Tx, after: i64, last: i64) -> Result<Vec<InvoiceLine>, StoreError> {
    let rows = fetch_all!(tx, sql!("invoice/list_lines_between"), LineRow, after, last)?;
    rows.into_iter().map(line_from_row).collect()
}

/// Up to which day workspaces are charged, after an id.
pub async fn list_charged(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<(WorkspaceId, Day)>, StoreError> {
    let rows = fetch_all!(tx, sql!("invoice/list_charged"), (Uuid, i64), after, limit)?;
    rows.into_iter().map(|(id, until)| Ok((WorkspaceId(id), day(until, "link_stage", "charged_until", id)?))).collect()
}

/// What bills since a day should have charged and could not: workspace, account, and from when.
pub async fn list_uncharged(
    tx: &mut Tx,
    before: Day,
    limit: i64,
) -> Result<Vec<(String, BillingAccountId, Day)>, StoreError> {
    let rows = fetch_all!(tx, sql!("invoice/list_uncharged"), (String, Uuid, i64), before.number(), limit)?;
    rows.into_iter()
        .map(|(slug, account, from)| {
            Ok((slug, BillingAccountId(account), day(from, "link_stage", "charged_until", account)?))
        })
        .collect()
}

/// For which days these workspaces were charged, by day.
pub async fn list_days(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<HashMap<WorkspaceId, Vec<Days>>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, i64, i64),
        "SELECT workspace_id, day_from, day_until FROM invoice_line WHERE workspace_id",
        ids,
        |id| id.0,
        "ORDER BY workspace_id, day_from, day_until"
    );
    let mut found: HashMap<WorkspaceId, Vec<Days>> = HashMap::new();
    for (id, from, until) in rows {
        let table = "invoice_line";
        let days = Days { from: day(from, table, "day_from", id)?, until: day(until, table, "day_until", id)? };
        found.entry(WorkspaceId(id)).or_default().push(days);
    }
    Ok(found)
}
