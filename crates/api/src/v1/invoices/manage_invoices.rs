//! Bills, for operators: made, taken out, and shown to be right.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use orglink_app::invoice;
use orglink_domain::id::BillingAccountId;
use orglink_domain::money::Amount;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::InvoiceJson;
use crate::v1::PageQuery;
use crate::view::ListJson;

/// All bills in the order of their numbers, with their lines: the export for whoever collects the money. For operators. Scope: `operator`.
#[utoipa::path(get, path = "/operator/invoices", tag = "invoices", params(PageQuery),
    responses((status = 200, body = ListJson<InvoiceJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_all_invoices(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<InvoiceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = invoice::list_all_invoices(&app, &principal, &query.request()?).await?;
    Ok(Json(ListJson::of(found.map(|view| InvoiceJson::of(&view)))))
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub struct IssuedJson {
    /// Billing accounts that were looked at.
    billing_accounts: u64,
    invoices: u64,
    /// Workspaces that could not be charged; see the reconciliation.
    uncharged: u64,
}

/// Make all bills that are due now; the server does so by itself on the first day of each month. For operators. Scope: `operator`.
#[utoipa::path(post, path = "/operator/invoices", tag = "invoices",
    responses((status = 200, body = IssuedJson), (status = 403, body = Problem)))]
pub async fn issue_invoices(State(app): State<AppState>, caller: Caller) -> Result<Json<IssuedJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let done = invoice::issue_invoices(&app, &principal).await?;
    Ok(Json(IssuedJson { billing_accounts: done.accounts, invoices: done.invoices, uncharged: done.uncharged }))
}

/// Whether the bills are right.
#[derive(Serialize, ToSchema)]
pub struct ReconciliationJson {
    invoices: u64,
    lines: u64,
    /// The number that was taken last.
    last: i64,
    /// By currency.
    sums: BTreeMap<String, SumJson>,
    /// What is wrong; empty when nothing is. At most 100.
    faults: Vec<String>,
    /// What bills should have charged and could not, for want of a price or a tax in the catalog: the next ones try again. At most 100.
    uncharged: Vec<UnchargedJson>,
}

/// Of all bills in a currency; exact decimals.
#[derive(Serialize, ToSchema)]
pub struct SumJson {
    net: String,
    tax: String,
}

/// A workspace that could not be charged.
#[derive(Serialize, ToSchema)]
pub struct UnchargedJson {
    workspace: String,
    #[schema(value_type = String, format = Uuid)]
    billing_account: BillingAccountId,
    from: String,
}

/// Look at every bill there is: numbers without gaps, sums that are those of their lines to the cent, no day charged twice. For operators. Scope: `operator`.
#[utoipa::path(get, path = "/operator/invoices/reconciliation", tag = "invoices",
    responses((status = 200, body = ReconciliationJson), (status = 403, body = Problem)))]
pub async fn reconcile_invoices(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<ReconciliationJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = invoice::reconcile(&app, &principal).await?;
    let sum = |(net, tax): (Amount, Amount)| SumJson { net: net.to_string(), tax: tax.to_string() };
    Ok(Json(ReconciliationJson {
        invoices: found.invoices,
        lines: found.lines,
        last: found.last,
        sums: found.sums.into_iter().map(|(currency, sums)| (currency.to_string(), sum(sums))).collect(),
        faults: found.faults,
        uncharged: found
            .uncharged
            .into_iter()
            .map(|u| UnchargedJson { workspace: u.workspace, billing_account: u.account, from: u.from.to_string() })
            .collect(),
    }))
}
