//! Deletes a workspace, after saying what hangs on it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, ProblemReason, etag};
use serde::Serialize;
use utoipa::ToSchema;

/// What deleting a workspace would mean.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceDeletionJson {
    /// Why not; empty when it can be deleted.
    blockers: Vec<ProblemReason>,
    /// How much would be gone with it.
    members: i64,
    user_groups: i64,
    repositories: i64,
    /// Products of sites that would lose their connection to it.
    integrations: i64,
    /// Its link to an organization would end.
    ends_link: bool,
}

/// What deleting a workspace you administer would mean; changes nothing. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/deletion", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = WorkspaceDeletionJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn preview_workspace_deletion(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = workspace::preview_deletion(&app, &principal, &reference).await?;
    let deletion = WorkspaceDeletionJson {
        blockers: found.blockers.iter().map(ProblemReason::of).collect(),
        members: found.summary.members,
        user_groups: found.summary.user_groups,
        repositories: found.summary.repositories,
        integrations: found.integrations,
        ends_link: found.is_linked,
    };
    Ok((etag(found.workspace.version), Json(deletion)))
}

/// Delete a workspace you administer, with everything in it. There is no way back; if it is linked, the link
/// ends. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "legal_hold, open_transfer"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn delete_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    workspace::delete_workspace(&app, &principal, &reference, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
