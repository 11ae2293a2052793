//! Changes a billing account, and who administers it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::billing_account::{self, AccountChange};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::BillingAccountJson;

/// What is to be different; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillingAccountPatch {
    name: Option<String>,
    /// What stands on its bills as who they are for: up to 10 lines, 600 characters.
    bill_to: Option<String>,
}

/// Say how a billing account is called and whom its bills are for, as one of its admins. Bills that were made stay as they are. Scope: `write`.
#[utoipa::path(patch, path = "/billing-accounts/{billing_account}", tag = "billing_accounts", request_body = BillingAccountPatch,
    params(("billing_account" = String, Path, description = "Id"), ("If-Match" = String, Header, description = "The ETag as you have seen it, or *")),
    responses((status = 200, body = BillingAccountJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "billing_account_merged"), (status = 412, body = Problem),
        (status = 428, body = Problem)))]
pub async fn change_billing_account(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<BillingAccountPatch>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let wanted = AccountChange { name: wanted.name, bill_to: wanted.bill_to };
    billing_account::change_billing_account(&app, &principal, &account, &wanted, expected).await?;
    let view = billing_account::view_billing_account(&app, &principal, &account).await?;
    Ok((etag(view.account.version), Json(BillingAccountJson::of(view))))
}

/// Make somebody an admin of a billing account, whom the organization knows; all its admins are equal. An operator may when none of its admins can act. Scope: `write`.
#[utoipa::path(put, path = "/billing-accounts/{billing_account}/admins/{account}", tag = "billing_accounts",
    params(("billing_account" = String, Path, description = "Id"), ("account" = String, Path, description = "Address or id"),
        ("If-Match" = String, Header, description = "The ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_known_here, has_active_admins, billing_account_merged"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn add_billing_admin(
    State(app): State<AppState>,
    caller: Caller,
    Path((account, who)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = billing_account::add_billing_admin(&app, &principal, (&account, &who), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}

/// Take an admin away from a billing account; one remains. Scope: `write`.
#[utoipa::path(delete, path = "/billing-accounts/{billing_account}/admins/{account}", tag = "billing_accounts",
    params(("billing_account" = String, Path, description = "Id"), ("account" = String, Path, description = "Address or id"),
        ("If-Match" = String, Header, description = "The ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "last_admin, billing_account_merged"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn remove_billing_admin(
    State(app): State<AppState>,
    caller: Caller,
    Path((account, who)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = billing_account::remove_billing_admin(&app, &principal, (&account, &who), expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
