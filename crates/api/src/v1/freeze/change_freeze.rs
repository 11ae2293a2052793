//! Turns the stop switch.

use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::installation;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};

use super::FreezeJson;

/// Stop linking, imports and mail (all but what concerns the safety of accounts), or allow them again. Scope: `operator`.
#[utoipa::path(put, path = "/freeze", tag = "operator", request_body = FreezeJson,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn change_freeze(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(wanted): JsonBody<FreezeJson>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    installation::change_freeze(&app, &principal, wanted.linking_frozen, wanted.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
