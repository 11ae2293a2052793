//! Ends a session.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::session;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

/// End one of your sessions: that browser is signed out from now on. Scope: `admin`.
#[utoipa::path(delete, path = "/me/sessions/{session}", tag = "account", params(("session" = String, Path, description = "Id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn end_session(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    session::end_session(&app, &principal, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
