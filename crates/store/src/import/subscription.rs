//! Subscriptions and bills of workspaces.

use std::collections::{HashMap, HashSet};

use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::money::Currency;
use uuid::Uuid;

use super::pairs;
use crate::billing::{Invoice, amount, currency};
use crate::row::{Time, day, digest, word};
use crate::{StoreError, Tx};

/// How a workspace is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionState {
    pub workspace: WorkspaceId,
    pub currency: Currency,
    pub tax: String,
    pub next_bill_on: Option<Day>,
    pub reseller: Option<AccountId>,
    /// When they agreed, and to which plan.
    pub agreed: Option<(Timestamp, Digest)>,
}

/// What is kept of these workspaces.
pub async fn find_subscriptions(
    tx: &mut Tx,
    ids: &[WorkspaceId],
) -> Result<HashMap<WorkspaceId, SubscriptionState>, StoreError> {
    type Row = (Uuid, String, String, Option<i64>, Option<Uuid>, Option<Time>, Option<Vec<u8>>);
    let rows = fetch_by_keys!(
        tx,
        Row,
        "SELECT workspace_id, currency, tax, next_bill_on, reseller_id, reseller_agreed_at, reseller_agreed_to FROM workspace_subscription WHERE workspace_id",
        ids,
        |id| id.0,
        ""
    );
    let table = "workspace_subscription";
    rows.into_iter()
        .map(|(id, money, tax, next, reseller, at, to)| {
            let state = SubscriptionState {
                workspace: WorkspaceId(id),
                currency: currency(&money, table, id)?,
                tax,
                next_bill_on: next.map(|n| day(n, table, "next_bill_on", id)).transpose()?,
                reseller: reseller.map(AccountId),
                agreed: match (at, to) {
                    (Some(at), Some(to)) => Some((at.0, digest(&to, table, "reseller_agreed_to", id)?)),
                    _ => None,
                },
            };
            Ok((state.workspace, state))
        })
        .collect()
}

/// Which of these workspaces are paid for by their organization already.
pub async fn find_billing_migrated(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<HashSet<WorkspaceId>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid,),
        "SELECT l.workspace_id FROM link l JOIN link_stage s ON s.link_id = l.id WHERE s.billing_migrated_at IS NOT NULL AND l.ended_at IS NULL AND l.workspace_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// Which of these workspaces have their people managed by the directory of their organization.
pub async fn find_users_migrated(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<HashSet<WorkspaceId>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid,),
        "SELECT l.workspace_id FROM link l JOIN link_stage s ON s.link_id = l.id WHERE s.users_migrated_at IS NOT NULL AND l.ended_at IS NULL AND l.workspace_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// Keeps subscriptions; those that exist are made exactly these.
pub async fn save_subscriptions(
    tx: &mut Tx,
    created: &[SubscriptionState],
    changed: &[SubscriptionState],
) -> Result<(), StoreError> {
    for s in changed {
        execute!(tx, sql!("import/delete_subscription"), s.workspace.0)?;
    }
    let all: Vec<&SubscriptionState> = created.iter().chain(changed).collect();
    insert_all!(
        tx,
        "workspace_subscription (workspace_id, currency, tax, next_bill_on, reseller_id, reseller_agreed_at, reseller_agreed_to)",
        all,
        |b, s| {
            b.push_bind(s.workspace.0)
                .push_bind(s.currency.to_string())
                .push_bind(s.tax.as_str())
                .push_bind(s.next_bill_on.map(Day::number))
                .push_bind(s.reseller.map(|id| id.0))
                .push_bind(s.agreed.map(|(at, _)| Time(at)))
                .push_bind(s.agreed.as_ref().map(|(_, to)| to.as_bytes().as_slice()));
        }
    );
    Ok(())
}

/// The bills of these keys that exist.
pub async fn find_invoices(
    tx: &mut Tx,
    keys: &[(WorkspaceId, String)],
) -> Result<HashMap<(WorkspaceId, String), Invoice>, StoreError> {
    type Row = (Uuid, String, i64, Option<i64>, Option<i64>, String, String, String, String);
    let pairs = pairs(keys);
    let rows = fetch_by_pairs!(
        tx,
        Row,
        "SELECT i.workspace_id, i.number, i.issued_on, i.period_from, i.period_until, i.currency, i.net, i.tax, i.state FROM ",
        pairs,
        "JOIN workspace_invoice i ON i.workspace_id = k.column1 AND i.number = k.column2"
    );
    let table = "workspace_invoice";
    rows.into_iter()
        .map(|(id, number, issued, from, until, money, net, tax, state)| {
            let invoice = Invoice {
                number: number.clone(),
                issued_on: day(issued, table, "issued_on", id)?,
                period_from: from.map(|n| day(n, table, "period_from", id)).transpose()?,
                period_until: until.map(|n| day(n, table, "period_until", id)).transpose()?,
                currency: currency(&money, table, id)?,
                net: amount(&net, table, "net", id)?,
                tax: amount(&tax, table, "tax", id)?,
                state: word(&state, table, "state", id)?,
            };
            Ok(((WorkspaceId(id), number), invoice))
        })
        .collect()
}

/// Keeps bills; those that exist are made exactly these.
pub async fn save_invoices(
    tx: &mut Tx,
    created: &[(WorkspaceId, Invoice)],
    changed: &[(WorkspaceId, Invoice)],
) -> Result<(), StoreError> {
    for (workspace, invoice) in changed {
        execute!(tx, sql!("import/delete_invoice"), workspace.0, &invoice.number)?;
    }
    let all: Vec<&(WorkspaceId, Invoice)> = created.iter().chain(changed).collect();
    insert_all!(
        tx,
        "workspace_invoice (workspace_id, number, issued_on, period_from, period_until, currency, net, tax, state)",
        all,
        |b, row| {
            let i = &row.1;
            b.push_bind(row.0.0)
                .push_bind(i.number.as_str())
                .push_bind(i.issued_on.number())
                .push_bind(i.period_from.map(Day::number))
                .push_bind(i.period_until.map(Day::number))
                .push_bind(i.currency.to_string())
                .push_bind(i.net.to_string())
                .push_bind(i.tax.to_string())
                .push_bind(i.state.as_str());
        }
    );
    Ok(())
}
