//! One's own recovery codes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::recovery_code;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Codes that are never shown again.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each signs you in once.
    codes: Vec<String>,
}

/// Make new recovery codes in place of those you had. Scope: `admin`.
#[utoipa::path(post, path = "/me/recovery-codes", tag = "account",
    responses((status = 201, body = RecoveryCodes), (status = 403, body = Problem)))]
pub async fn create_recovery_codes(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<RecoveryCodes>), Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    let codes = recovery_code::create_recovery_codes(&app, &principal).await?;
    Ok((StatusCode::CREATED, Json(RecoveryCodes { codes })))
}
