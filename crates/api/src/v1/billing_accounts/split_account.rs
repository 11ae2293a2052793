//! Splits a billing account.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::billing_account;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::BillingAccountJson;

/// What comes on a bill of its own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillingSplit {
    /// Of the new billing account.
    name: String,
    /// Slugs of some of the workspaces that it pays for; 1 to 500.
    workspaces: Vec<String>,
}

/// Have some of what a billing account pays for come on a bill of its own: a new account with the same admins and the same payer. Scope: `write`.
#[utoipa::path(post, path = "/billing-accounts/{billing_account}/split", tag = "billing_accounts", request_body = BillingSplit,
    params(("billing_account" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The ETag as you have seen it, or *")),
    responses((status = 201, body = BillingAccountJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "billing_account_merged"), (status = 412, body = Problem),
        (status = 428, body = Problem)))]
pub async fn split_billing_account(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<BillingSplit>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let what = (wanted.name.as_str(), wanted.workspaces.as_slice());
    let made = billing_account::split_billing_account(&app, &principal, &account, what, expected).await?;
    let view = billing_account::view_billing_account(&app, &principal, &made.to_string()).await?;
    Ok((StatusCode::CREATED, etag(view.account.version), Json(BillingAccountJson::of(view))))
}
