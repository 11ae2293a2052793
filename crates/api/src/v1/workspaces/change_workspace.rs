//! Changes a workspace: its name, what it pays for, its contacts; and makes a personal one a team's.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::workspace::{self, WorkspacePatch};
use orglink_domain::token::Scope;
use orglink_domain::workspace::{BillingCycle, SubscriptionPlan};
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::view::WorkspaceJson;

/// What is to be different; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceChanges {
    name: Option<String>,
    /// `free`, `standard` or `premium`.
    #[schema(value_type = Option<String>)]
    plan: Option<SubscriptionPlan>,
    /// `monthly` or `annual`.
    #[schema(value_type = Option<String>)]
    billing_cycle: Option<BillingCycle>,
    /// Addresses of members, or of people who are contacts already; the whole list.
    billing_contacts: Option<Vec<String>>,
    technical_contacts: Option<Vec<String>>,
}

/// Change a workspace you administer. Scope: `write`.
#[utoipa::path(patch, path = "/workspaces/{workspace}", tag = "workspaces", request_body = WorkspaceChanges,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 200, body = WorkspaceJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<WorkspaceChanges>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let patch = WorkspacePatch {
        name: wanted.name,
        plan: wanted.plan,
        billing_cycle: wanted.billing_cycle,
        billing_contacts: wanted.billing_contacts,
        technical_contacts: wanted.technical_contacts,
    };
    workspace::change_workspace(&app, &principal, &reference, &patch, expected).await?;
    let now = workspace::view_workspace(&app, &principal, &reference).await?.workspace;
    Ok((etag(now.version), Json(WorkspaceJson::of(&now))))
}

/// Make a personal workspace you administer a team workspace. There is no way back. Scope: `write`.
#[utoipa::path(post, path = "/workspaces/{workspace}/convert", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 200, body = WorkspaceJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_team"), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn convert_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    workspace::convert_workspace(&app, &principal, &reference, expected).await?;
    let now = workspace::view_workspace(&app, &principal, &reference).await?.workspace;
    Ok((etag(now.version), Json(WorkspaceJson::of(&now))))
}
