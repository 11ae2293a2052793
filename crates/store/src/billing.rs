//! How workspaces are billed before their billing migrates: subscription, contacts, seats, bills.

use std::collections::BTreeSet;

use orglink_domain::billing::InvoiceState;
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::money::{Amount, Currency};
use uuid::Uuid;

use crate::row::{Time, day, word};
use crate::{StoreError, Tx};

/// What is kept of a subscription besides plan and cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub currency: Currency,
    /// The name of its tax in the catalog.
    pub tax: String,
    /// Up to, and without, this day all is paid.
    pub next_bill_on: Option<Day>,
    pub reseller: Option<Reseller>,
}

/// Whoever sells it on, and pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reseller {
    pub id: AccountId,
    pub email: String,
}

/// A bill of the time before the migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    pub number: String,
    pub issued_on: Day,
    pub period_from: Option<Day>,
    pub period_until: Option<Day>,
    pub currency: Currency,
    pub net: Amount,
    pub tax: Amount,
    pub state: InvoiceState,
}

/// A currency, out of a column.
pub(crate) fn currency(given: &str, table: &'static str, id: Uuid) -> Result<Currency, StoreError> {
    given.parse().map_err(|_| StoreError::inconsistent(table, "currency", id))
}

/// An amount, out of a column.
pub(crate) fn amount(given: &str, table: &'static str, column: &'static str, id: Uuid) -> Result<Amount, StoreError> {
    given.parse().map_err(|_| StoreError::inconsistent(table, column, id))
}

/// What was imported of it; nothing when it is as the catalog says.
pub async fn find_subscription(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Subscription>, StoreError> {
    type Row = (String, String, Option<i64>, Option<Uuid>, Option<String>);
    let row = fetch_optional!(tx, sql!("billing/find_subscription"), Row, workspace.0)?;
    let Some((money, tax, next, reseller, email)) = row else { return Ok(None) };
    let table = "workspace_subscription";
    Ok(Some(Subscription {
        currency: currency(&money, table, workspace.0)?,
        tax,
        next_bill_on: next.map(|n| day(n, table, "next_bill_on", workspace.0)).transpose()?,
        reseller: reseller.zip(email).map(|(id, email)| Reseller { id: AccountId(id), email }),
    }))
}

/// Whether somebody is a contact of the workspace, or its reseller.
pub async fn is_payer(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<bool, StoreError> {
    let (count,) = fetch_one!(tx, sql!("billing/is_payer"), (i64,), workspace.0, account.0)?;
    Ok(count > 0)
}

/// The reseller agrees to a plan of the migration, or takes that back; false for anybody else.
pub async fn agree(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reseller: AccountId,
    agreed: Option<(Timestamp, Digest)>,
) -> Result<bool, StoreError> {
    let (at, to) = agreed.map(|(at, to)| (Time(at), to.as_bytes().to_vec())).unzip();
    Ok(execute!(tx, sql!("billing/agree"), workspace.0, reseller.0, at, to)? == 1)
}

/// Bills by number, after one.
pub async fn list_invoices(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: &str,
    limit: i64,
) -> Result<Vec<Invoice>, StoreError> {
    type Row = (String, i64, Option<i64>, Option<i64>, String, String, String, String);
    let rows = fetch_all!(tx, sql!("billing/list_invoices"), Row, workspace.0, after, limit)?;
    let (table, id) = ("workspace_invoice", workspace.0);
    rows.into_iter()
        .map(|(number, issued, from, until, money, net, tax, state)| {
            Ok(Invoice {
                number,
                issued_on: day(issued, table, "issued_on", id)?,
                period_from: from.map(|n| day(n, table, "period_from", id)).transpose()?,
                period_until: until.map(|n| day(n, table, "period_until", id)).transpose()?,
                currency: currency(&money, table, id)?,
                net: amount(&net, table, "net", id)?,
                tax: amount(&tax, table, "tax", id)?,
                state: word(&state, table, "state", id)?,
            })
        })
        .collect()
}

pub async fn count_open_invoices(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("billing/count_open_invoices"), (i64,), workspace.0)?.0)
}

/// Everybody who takes a seat: whoever is in a group, or has a grant of their own.
pub async fn list_member_ids(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing/list_member_ids"), (Uuid,), workspace.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Its contacts of both kinds, and its reseller.
pub async fn list_payer_ids(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing/list_payer_ids"), (Uuid,), workspace.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Its billing contacts.
pub async fn list_contact_ids(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing/list_contact_ids"), (Uuid,), workspace.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
