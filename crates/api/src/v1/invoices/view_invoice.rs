//! Bills, for whoever is on their billing account.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use orglink_app::{Error, invoice};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{InvoiceItemJson, InvoiceJson};
use crate::v1::PageQuery;
use crate::view::ListJson;

/// The bills of a billing account, the newest first. Scope: `read`.
#[utoipa::path(get, path = "/billing-accounts/{billing_account}/invoices", tag = "invoices",
    params(("billing_account" = String, Path, description = "Id"), PageQuery),
    responses((status = 200, body = ListJson<InvoiceItemJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn list_account_invoices(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<InvoiceItemJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = invoice::list_account_invoices(&app, &principal, &account, &query.request()?).await?;
    Ok(Json(ListJson::of(found.map(|invoice| InvoiceItemJson::of(&invoice)))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InvoiceQuery {
    /// `json` (when absent), or `csv`: a line a line.
    format: Option<String>,
}

/// A bill by its number. Scope: `read`.
#[utoipa::path(get, path = "/invoices/{invoice}", tag = "invoices",
    params(("invoice" = String, Path, description = "Number"), InvoiceQuery),
    responses((status = 200, content((InvoiceJson = "application/json"), (String = "text/csv"))), (status = 400, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_invoice(
    State(app): State<AppState>,
    caller: Caller,
    Path(number): Path<String>,
    QueryString(query): QueryString<InvoiceQuery>,
) -> Result<Response, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view = invoice::view_invoice(&app, &principal, &number).await?;
    match query.format.as_deref() {
        None | Some("json") => Ok(Json(InvoiceJson::of(&view)).into_response()),
        Some("csv") => {
            Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], invoice::invoice_csv(&view)).into_response())
        }
        Some(_) => Err(Error::field("format", "is json or csv").into()),
    }
}
