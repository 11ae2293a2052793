//! A log as a file.

use axum::extract::{Path, State};
use axum::response::Response;
use orglink_app::event::{self, ActivityFilter, ActivityOf, LogFormat};
use orglink_app::{Error, PageRequest};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, download};
use serde::Deserialize;
use utoipa::IntoParams;

/// As what, and which events: filters as of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `ndjson` when absent, `csv` or `ocsf`.
    format: Option<String>,
    /// Types, or beginnings such as `link.`, separated by commas.
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// The address or id of an account.
    actor: Option<String>,
    /// Slug or id; in the log of the installation.
    organization: Option<String>,
    /// Slug or id; in the log of the installation.
    workspace: Option<String>,
    /// At this time or later.
    from: Option<String>,
    /// Before this time.
    until: Option<String>,
}

impl ExportQuery {
    fn read(self) -> Result<(LogFormat, ActivityFilter), Error> {
        let format = LogFormat::named(self.format.as_deref().unwrap_or("ndjson"))?;
        let filter = ActivityFilter {
            kinds: self.kind.unwrap_or_default(),
            actor: self.actor.unwrap_or_default(),
            organization: self.organization.unwrap_or_default(),
            workspace: self.workspace.unwrap_or_default(),
            from: self.from.unwrap_or_default(),
            until: self.until.unwrap_or_default(),
        };
        Ok((format, filter))
    }
}

/// What happened to a workspace you are a member of, as a file: what the list shows, newest first. A broken-off answer is an error. Scope: `read`; an extension: `events:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/events/export", tag = "events",
    params(("workspace" = String, Path, description = "Slug or id"), ExportQuery),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn export_workspace_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<ExportQuery>,
) -> Result<Response, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::EventsRead)?;
    let (format, filter) = query.read()?;
    let of = ActivityOf::Workspace(&workspace);
    event::list_activity(&app, &principal, of, &filter, &PageRequest::new(None, Some(1))?).await?;
    Ok(download(format.content_type(), Some(format.file_name()), |to| async move {
        let of = ActivityOf::Workspace(&workspace);
        event::export_activity(&app, &principal, of, &filter, format, to).await
    }))
}

/// What happened to an organization you are admin or auditor of, as a file: what the list shows, newest first. A broken-off answer is an error. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/events/export", tag = "events",
    params(("organization" = String, Path, description = "Slug or id"), ExportQuery),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn export_organization_activity(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<ExportQuery>,
) -> Result<Response, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let (format, filter) = query.read()?;
    let of = ActivityOf::Organization(&organization);
    event::list_activity(&app, &principal, of, &filter, &PageRequest::new(None, Some(1))?).await?;
    Ok(download(format.content_type(), Some(format.file_name()), |to| async move {
        let of = ActivityOf::Organization(&organization);
        event::export_activity(&app, &principal, of, &filter, format, to).await
    }))
}

/// What happened anywhere in the installation, as a file: what the list shows, newest first. A broken-off answer is an error.
/// Scope: `operator`.
#[utoipa::path(get, path = "/operator/events/export", tag = "events",
    params(ExportQuery),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn export_installation_activity(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<ExportQuery>,
) -> Result<Response, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let (format, filter) = query.read()?;
    let of = ActivityOf::Installation;
    event::list_activity(&app, &principal, of, &filter, &PageRequest::new(None, Some(1))?).await?;
    Ok(download(format.content_type(), Some(format.file_name()), |to| async move {
        let of = ActivityOf::Installation;
        event::export_activity(&app, &principal, of, &filter, format, to).await
    }))
}
