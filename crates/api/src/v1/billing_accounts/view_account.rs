//! Looks at a billing account.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::billing_account;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};

use super::view::BillingAccountJson;

/// A billing account, for its admins, its payer and the admins of the organization. Scope: `read`.
#[utoipa::path(get, path = "/billing-accounts/{billing_account}", tag = "billing_accounts",
    params(("billing_account" = String, Path, description = "Id")),
    responses((status = 200, body = BillingAccountJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_billing_account(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view = billing_account::view_billing_account(&app, &principal, &account).await?;
    Ok((etag(view.account.version), Json(BillingAccountJson::of(view))))
}
