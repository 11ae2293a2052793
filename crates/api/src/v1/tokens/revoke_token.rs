//! Ends a token.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::token;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

/// End one of your tokens; it is refused from now on. Scope: `admin`.
#[utoipa::path(delete, path = "/tokens/{token}", tag = "account", params(("token" = String, Path, description = "Id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn revoke_token(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    token::revoke_token(&app, &principal, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
