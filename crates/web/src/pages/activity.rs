//! What happened to a workspace, to an organization or anywhere; filtered, and as a file.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use orglink_app::event::{self, Activity, ActivityFilter, ActivityOf, LogFormat};
use orglink_app::{App, Error, PageRequest};
use orglink_http::{AppState, Failure, QueryString, Visitor, download};
use serde::Deserialize;

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    shell: Shell,
    activity: Activity,
    /// What was asked for.
    filter: ActivityFilter,
    is_filtered: bool,
    /// Whether it is everybody's, which can be filtered by organization and workspace too.
    is_installation: bool,
    /// Where the file is.
    export: String,
}

#[derive(Deserialize)]
pub struct Query {
    cursor: Option<String>,
    format: Option<String>,
    #[serde(rename = "type", default)]
    kinds: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    workspace: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

impl Query {
    fn filter(&self) -> ActivityFilter {
        let given = |text: &String| text.trim().to_owned();
        ActivityFilter {
            kinds: given(&self.kinds),
            actor: given(&self.actor),
            organization: given(&self.organization),
            workspace: given(&self.workspace),
            from: given(&self.from),
            until: given(&self.until),
        }
    }
}

impl ActivityPage {
    fn new(shell: Shell, activity: Activity, filter: ActivityFilter, of: ActivityOf<'_>) -> Self {
        let export = match of {
            ActivityOf::Workspace(_) => format!("/workspaces/{}/activity/export", activity.slug),
            ActivityOf::Organization(_) => format!("/organizations/{}/activity/export", activity.slug),
            ActivityOf::Installation => "/operator/activity/export".to_owned(),
        };
        let is_installation = matches!(of, ActivityOf::Installation);
        let is_filtered = filter != ActivityFilter::default();
        Self { shell, activity, filter, is_filtered, is_installation, export }
    }
}

/// One page of a log, with the filter that it shows.
async fn find(
    app: &App,
    visitor: &Visitor,
    of: ActivityOf<'_>,
    query: &Query,
) -> Result<(Activity, ActivityFilter), Error> {
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let filter = query.filter();
    Ok((event::list_activity(app, visitor.principal(), of, &filter, &page).await?, filter))
}

pub async fn of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let of = ActivityOf::Workspace(&slug);
    let (activity, filter) = find(&app, &visitor, of, &query).await?;
    let shell = Shell::new(&app, &visitor, format!("Activity · {}", activity.name))
        .await?
        .in_workspace(&activity.slug, &activity.name, "Activity")
        .live("workspace", &activity.slug);
    render(&ActivityPage::new(shell, activity, filter, of))
}

pub async fn of_organization(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let of = ActivityOf::Organization(&slug);
    let (activity, filter) = find(&app, &visitor, of, &query).await?;
    let shell = Shell::new(&app, &visitor, format!("Activity · {}", activity.name))
        .await?
        .in_organization(&activity.slug, &activity.name, "Activity")
        .live("organization", &activity.slug);
    render(&ActivityPage::new(shell, activity, filter, of))
}

pub async fn of_installation(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let of = ActivityOf::Installation;
    let (activity, filter) = find(&app, &visitor, of, &query).await?;
    let shell = Shell::new(&app, &visitor, "Activity").await?.here("Activity");
    render(&ActivityPage::new(shell, activity, filter, of))
}

/// Whose log a file is of.
enum Of {
    Workspace(String),
    Organization(String),
    Installation,
}

impl Of {
    fn as_ref(&self) -> ActivityOf<'_> {
        match self {
            Self::Workspace(slug) => ActivityOf::Workspace(slug),
            Self::Organization(slug) => ActivityOf::Organization(slug),
            Self::Installation => ActivityOf::Installation,
        }
    }
}

pub async fn export_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    export(app, visitor, Of::Workspace(slug), query).await
}

pub async fn export_organization(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    export(app, visitor, Of::Organization(slug), query).await
}

pub async fn export_installation(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    export(app, visitor, Of::Installation, query).await
}

/// Says no before the first byte, and then sends.
async fn export(app: AppState, visitor: Visitor, of: Of, query: Query) -> Result<Response, Failure> {
    let format = LogFormat::named(query.format.as_deref().unwrap_or("ndjson"))?;
    let (_, filter) = find(&app, &visitor, of.as_ref(), &query).await?;
    let principal = visitor.principal().clone();
    Ok(download(format.content_type(), Some(format.file_name()), |to| async move {
        event::export_activity(&app, &principal, of.as_ref(), &filter, format, to).await
    }))
}
