//! Lists what happened to one workspace or organization.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::PageRequest;
use orglink_app::event::{self, ActivityOf, Told};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::EventJson;
use crate::view::ListJson;

/// Which part, and of what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActivityQuery {
    /// Only events of this type, for example `workspace.changed`.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

/// An event in words.
#[derive(Serialize, ToSchema)]
pub struct ActivityJson {
    #[serde(flatten)]
    event: EventJson,
    /// The name of whoever did it.
    actor_name: String,
    /// What happened, in words. Texts may change; `type` and `payload` are for programs.
    text: String,
}

impl ActivityJson {
    fn of(told: Told) -> Self {
        Self { event: EventJson::of(&told.event), actor_name: told.actor, text: told.text }
    }
}

/// What happened to a workspace you are a member of, newest first. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/events", tag = "events",
    params(("workspace" = String, Path, description = "Slug or id"), ActivityQuery),
    responses((status = 200, body = ListJson<ActivityJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<ActivityQuery>,
) -> Result<Json<ListJson<ActivityJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let of = ActivityOf::Workspace(&workspace);
    let found = event::list_activity(&app, &principal, of, query.kind.as_deref(), &page).await?;
    Ok(Json(ListJson::of(found.page.map(ActivityJson::of))))
}

/// What happened to an organization you are admin or auditor of, newest first. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/events", tag = "events",
    params(("organization" = String, Path, description = "Slug or id"), ActivityQuery),
    responses((status = 200, body = ListJson<ActivityJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_organization_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<ActivityQuery>,
) -> Result<Json<ListJson<ActivityJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let of = ActivityOf::Organization(&organization);
    let found = event::list_activity(&app, &principal, of, query.kind.as_deref(), &page).await?;
    Ok(Json(ListJson::of(found.page.map(ActivityJson::of))))
}
