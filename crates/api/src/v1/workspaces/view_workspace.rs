//! Looks at a workspace.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::workspace;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::role::{Administration, WorkspaceRole};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::{EligibilityJson, LinkCardJson, WorkspaceJson};

/// A workspace, what you are to it, and where it is linked or why it is not.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceDetail {
    #[serde(flatten)]
    workspace: WorkspaceJson,
    /// `admin`, `member` or `none`.
    #[schema(value_type = String)]
    role: WorkspaceRole,
    members: i64,
    user_groups: i64,
    repositories: i64,
    link: Option<LinkCardJson>,
    eligibility: EligibilityJson,
    is_watching: bool,
    /// `nobody`, `one_person` or `several` who can act; null when you may not see its people.
    #[schema(value_type = Option<String>)]
    administration: Option<Administration>,
    /// What its admins should do something about.
    warning: Option<String>,
}

/// One workspace, by slug or id. Scope: `read`; an extension: `workspace:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = WorkspaceDetail), (status = 404, body = Problem)))]
pub async fn view_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::WorkspaceRead)?;
    let view = workspace::view_workspace(&app, &principal, &workspace).await?;
    let detail = WorkspaceDetail {
        workspace: WorkspaceJson::of(&view.workspace),
        role: view.role,
        members: view.summary.members,
        user_groups: view.summary.user_groups,
        repositories: view.summary.repositories,
        link: view.link.as_ref().map(LinkCardJson::of),
        eligibility: EligibilityJson::of(&view.eligibility),
        is_watching: view.is_watching,
        administration: view.administration,
        warning: view.warning(),
    };
    Ok((etag(view.workspace.version), Json(detail)))
}
