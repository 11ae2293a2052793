//! What happened to a workspace or an organization.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::PageRequest;
use orglink_app::event::{self, Activity, ActivityOf};
use orglink_domain::event::EventType;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    shell: Shell,
    activity: Activity,
    /// The types that can be asked for, and the one that was.
    kinds: &'static [EventType],
    kind: String,
}

#[derive(Deserialize)]
pub struct Query {
    cursor: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

const OF_WORKSPACES: &[EventType] = &[
    EventType::WorkspaceChanged,
    EventType::WorkspaceLinked,
    EventType::LinkAccessVerified,
    EventType::WorkspaceCreated,
    EventType::WorkspaceWatched,
];
const OF_ORGANIZATIONS: &[EventType] = &[
    EventType::OrganizationChanged,
    EventType::WorkspaceLinked,
    EventType::WorkspaceUnlinked,
    EventType::WorkspaceDeleted,
    EventType::LinkAccessVerified,
    EventType::OrganizationCreated,
];

pub async fn of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let (of, kind) = (ActivityOf::Workspace(&slug), query.kind.unwrap_or_default());
    let activity = event::list_activity(&app, visitor.principal(), of, Some(&kind), &page).await?;
    let shell = Shell::new(&app, &visitor, format!("Activity · {}", activity.name))
        .await?
        .in_workspace(&activity.slug, &activity.name, "Activity")
        .live("workspace", &activity.slug);
    render(&ActivityPage { shell, activity, kinds: OF_WORKSPACES, kind })
}

pub async fn of_organization(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let (of, kind) = (ActivityOf::Organization(&slug), query.kind.unwrap_or_default());
    let activity = event::list_activity(&app, visitor.principal(), of, Some(&kind), &page).await?;
    let shell = Shell::new(&app, &visitor, format!("Activity · {}", activity.name))
        .await?
        .in_organization(&activity.slug, &activity.name, "Activity")
        .live("organization", &activity.slug);
    render(&ActivityPage { shell, activity, kinds: OF_ORGANIZATIONS, kind })
}
