//! Changes one's own account.

use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::account::{self, ProfileChange};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    name: Option<String>,
    /// By its IANA name, like `Europe/Berlin`; empty for UTC.
    time_zone: Option<String>,
}

/// Change your name or your time zone. Scope: `admin`.
#[utoipa::path(patch, path = "/me", tag = "account", request_body = MeChange,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn change_me(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(change): JsonBody<MeChange>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    let MeChange { name, time_zone } = change;
    account::change_profile(&app, &principal, &ProfileChange { name, time_zone }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// 15 to 500 characters.
    password: String,
}

/// Give yourself another password, or your first; every session ends. Scope: `admin`.
#[utoipa::path(put, path = "/me/password", tag = "account", request_body = NewPassword,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn change_password(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(new): JsonBody<NewPassword>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    account::change_password(&app, &principal, &new.password, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
