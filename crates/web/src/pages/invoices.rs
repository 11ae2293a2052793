//! A bill, as it is printed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use orglink_app::invoice::{self, InvoiceView};
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "invoice.html")]
struct InvoicePage {
    shell: Shell,
    view: InvoiceView,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = invoice::view_invoice(&app, visitor.principal(), &number).await?;
    let shell = Shell::new(&app, &visitor, format!("Bill {}", view.invoice.number)).await?.here("Bills");
    render(&InvoicePage { shell, view })
}

/// Its lines for a spreadsheet.
pub async fn csv(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let view = invoice::view_invoice(&app, visitor.principal(), &number).await?;
    let name = format!("attachment; filename=\"{}.csv\"", view.invoice.number);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, invoice::invoice_csv(&view)).into_response())
}
