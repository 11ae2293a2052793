//! "Tell me when it changes".

use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

/// Tell me when the eligibility of this workspace changes. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/watch", tag = "eligibility",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn watch_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    workspace::watch_workspace(&app, &principal, &workspace).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop telling me. Doing so twice changes nothing. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/watch", tag = "eligibility",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn unwatch_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    workspace::unwatch_workspace(&app, &principal, &workspace).await?;
    Ok(StatusCode::NO_CONTENT)
}
