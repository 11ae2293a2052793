//! What takes the yes of others: another payer, no payer any more, another account that pays for everything.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::billing_account;
use orglink_domain::digest::Digest;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Who is to pay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayerWish {
    /// The address of somebody with an account here; they agree on the page of the billing account, or with `POST …/agreement`.
    email: String,
}

/// Ask somebody to pay a billing account instead of its admins, or of whoever pays now. It is open for 30 days and takes the place of an earlier request. Scope: `write`.
#[utoipa::path(post, path = "/billing-accounts/{billing_account}/payer", tag = "billing_accounts", request_body = PayerWish,
    params(("billing_account" = String, Path, description = "Id")),
    responses((status = 202), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_pays, billing_account_merged")))]
pub async fn ask_to_pay(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    JsonBody(wanted): JsonBody<PayerWish>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    billing_account::ask_to_pay(&app, &principal, &account, &wanted.email).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ask, as whoever pays a billing account, no longer to; one of its admins agrees. Scope: `write`.
#[utoipa::path(delete, path = "/billing-accounts/{billing_account}/payer", tag = "billing_accounts",
    params(("billing_account" = String, Path, description = "Id")),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_payer, billing_account_merged")))]
pub async fn ask_to_release(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    billing_account::ask_to_release(&app, &principal, &account).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Which account is to pay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeWish {
    /// Id of another billing account of the organization, with the same currency, tax and payer.
    into: String,
}

/// Have another billing account pay for everything of this one: at once when you administer both, else an admin of the other agrees within 30 days. Bills that were made
/// stay. Scope: `write`.
#[utoipa::path(post, path = "/billing-accounts/{billing_account}/merge", tag = "billing_accounts", request_body = MergeWish,
    params(("billing_account" = String, Path, description = "Id")),
    responses((status = 202), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "accounts_differ, billing_account_merged")))]
pub async fn ask_to_merge(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    JsonBody(wanted): JsonBody<MergeWish>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    billing_account::ask_to_merge(&app, &principal, &account, &wanted.into).await?;
    Ok(StatusCode::ACCEPTED)
}

/// To what.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BillingAgreement {
    /// `digest` of the request that you looked at; nothing is agreed to when it is another by now.
    digest: Option<String>,
}

/// Agree to what is asked of a billing account; it is done by that. Scope: `write`.
#[utoipa::path(post, path = "/billing-accounts/{billing_account}/agreement", tag = "billing_accounts", request_body = BillingAgreement,
    params(("billing_account" = String, Path, description = "Id of the account that changes")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_request, plan_changed, accounts_differ, billing_account_merged")))]
pub async fn agree_to_billing_request(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    JsonBody(body): JsonBody<BillingAgreement>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let shown = body.digest.as_deref().map(str::parse::<Digest>).transpose();
    let shown = shown.map_err(|e| orglink_app::Error::field("digest", e.to_string()))?;
    billing_account::agree_to_request(&app, &principal, &account, shown).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take back what you asked of a billing account, or say no to what is asked of you. Scope: `write`.
#[utoipa::path(delete, path = "/billing-accounts/{billing_account}/request", tag = "billing_accounts",
    params(("billing_account" = String, Path, description = "Id of the account that would change")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_request, billing_account_merged")))]
pub async fn end_billing_request(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    billing_account::end_request(&app, &principal, &account).await?;
    Ok(StatusCode::NO_CONTENT)
}
