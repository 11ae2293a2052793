//! Lists the bills that a workspace had.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::billing;
use orglink_domain::billing::InvoiceState;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;
use crate::view::ListJson;

/// A bill of the time before billing migrated.
#[derive(Serialize, ToSchema)]
pub struct LegacyInvoiceJson {
    number: String,
    issued_on: String,
    period_from: Option<String>,
    /// Without this day.
    period_until: Option<String>,
    currency: String,
    /// Exact decimals.
    net: String,
    tax: String,
    total: String,
    /// `open`, `paid` or `void`.
    #[schema(value_type = String)]
    state: InvoiceState,
}

/// The bills that a workspace had before its billing migrated, by number. For its admins, its contacts and its reseller. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/billing/invoices", tag = "billing",
    params(("workspace" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<LegacyInvoiceJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn list_workspace_invoices(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<LegacyInvoiceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = billing::list_invoices(&app, &principal, &workspace, &query.request()?).await?;
    Ok(Json(ListJson::of(found.map(|i| LegacyInvoiceJson {
        number: i.number,
        issued_on: i.issued_on.to_string(),
        period_from: i.period_from.map(|day| day.to_string()),
        period_until: i.period_until.map(|day| day.to_string()),
        currency: i.currency.to_string(),
        net: i.net.to_string(),
        tax: i.tax.to_string(),
        total: (i.net + i.tax).to_string(),
        state: i.state,
    }))))
}
