//! One's own e-mail address.

use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::account;
use orglink_app::sign_in::Device;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// An address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedAddress {
    email: String,
}

/// Want another e-mail address, or have the one you have proven: a link is sent to it, and it is yours when you follow
/// that. Scope: `admin`.
#[utoipa::path(put, path = "/me/address", tag = "account", request_body = WantedAddress,
    responses((status = 202), (status = 400, body = Problem), (status = 403, body = Problem), (status = 429, body = Problem)))]
pub async fn ask_for_address(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(wanted): JsonBody<WantedAddress>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    account::ask_for_address(&app, &principal, &wanted.email, &Device::default()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// No longer want the other address. Scope: `admin`.
#[utoipa::path(delete, path = "/me/address", tag = "account",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn withdraw_address(State(app): State<AppState>, caller: Caller) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    account::withdraw_address(&app, &principal).await?;
    Ok(StatusCode::NO_CONTENT)
}
