//! The stages of a workspace on one line.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::workspace::{self, Timeline};
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "workspace_timeline.html")]
struct TimelinePage {
    shell: Shell,
    found: Timeline,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let found = workspace::view_timeline(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (found.workspace.slug.clone(), found.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("Timeline · {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "Timeline").live("workspace", &slug);
    render(&TimelinePage { shell, found })
}
