//! Lists what happened to one workspace or organization.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::PageRequest;
use orglink_app::event::{self, ActivityFilter, ActivityOf, Told};
use orglink_domain::extension::ExtensionScope;
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
    /// Only events of these types, separated by commas, for example `workspace.changed`; `link.` means all that begin so.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Only what this account did: its address or id.
    actor: Option<String>,
    /// Only events of this organization: slug or id; in the log of the installation.
    organization: Option<String>,
    /// Only events of this workspace: slug or id; in the log of the installation.
    workspace: Option<String>,
    /// Only events at this time or later.
    from: Option<String>,
    /// Only events before this time.
    until: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

impl ActivityQuery {
    fn filter(&self) -> ActivityFilter {
        let given = |field: &Option<String>| field.clone().unwrap_or_default();
        ActivityFilter {
            kinds: given(&self.kind),
            actor: given(&self.actor),
            organization: given(&self.organization),
            workspace: given(&self.workspace),
            from: given(&self.from),
            until: given(&self.until),
        }
    }
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

/// What happened to a workspace you are a member of, newest first. Scope: `read`; an extension: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/events", tag = "events",
    params(("workspace" = String, Path, description = "Slug or id"), ActivityQuery),
    responses((status = 200, body = ListJson<ActivityJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_workspace_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<ActivityQuery>,
) -> Result<Json<ListJson<ActivityJson>>, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::EventsRead)?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let of = ActivityOf::Workspace(&workspace);
    let found = event::list_activity(&app, &principal, of, &query.filter(), &page).await?;
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
    let found = event::list_activity(&app, &principal, of, &query.filter(), &page).await?;
    Ok(Json(ListJson::of(found.page.map(ActivityJson::of))))
}

/// What happened anywhere in the installation, newest first. Scope: `operator`.
#[utoipa::path(get, path = "/operator/events", tag = "events", params(ActivityQuery),
    responses((status = 200, body = ListJson<ActivityJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_installation_activity(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<ActivityQuery>,
) -> Result<Json<ListJson<ActivityJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let found = event::list_activity(&app, &principal, ActivityOf::Installation, &query.filter(), &page).await?;
    Ok(Json(ListJson::of(found.page.map(ActivityJson::of))))
}
