//! My workspaces and organizations.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::eligibility::{LinkableWorkspace, list_linkable};
use orglink_app::{PageRequest, organization, workspace};
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    organizations: Vec<Organization>,
    administered: Vec<LinkableWorkspace>,
    others: Vec<Workspace>,
    can_link: bool,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let shell = Shell::new(&app, &visitor, "Your workspaces and organizations").await?.here("Home");
    let page = PageRequest::new(None, Some(200))?;
    let organizations = organization::list_organizations(&app, visitor.principal(), &page).await?.items;
    let administered = list_linkable(&app, visitor.principal(), None, &page).await?.page.items;
    let all = workspace::list_workspaces(&app, visitor.principal(), &page).await?.items;
    let others = all.into_iter().filter(|w| administered.iter().all(|a| a.workspace.id != w.id)).collect();
    let can_link = administered.iter().any(|a| a.eligibility.eligible);
    render(&HomePage { shell, organizations, administered, others, can_link })
}
