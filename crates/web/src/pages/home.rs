//! My workspaces and organizations, with my roles.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::PageRequest;
use orglink_app::eligibility::{LinkableWorkspace, list_linkable};
use orglink_app::mine::{MyOrganization, MyWorkspace, list_my_organizations, list_my_workspaces};
use orglink_domain::role::WorkspaceRole;
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    organizations: Vec<MyOrganization>,
    administered: Vec<LinkableWorkspace>,
    others: Vec<MyWorkspace>,
    can_link: bool,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let shell = Shell::new(&app, &visitor, "Your workspaces and organizations").await?.here("Home");
    let page = PageRequest::new(None, Some(200))?;
    let organizations = list_my_organizations(&app, visitor.principal(), &page).await?.items;
    let administered = list_linkable(&app, visitor.principal(), None, &page).await?.page.items;
    let mut others = list_my_workspaces(&app, visitor.principal(), &page).await?.items;
    others.retain(|w| w.role != WorkspaceRole::Admin);
    let can_link = administered.iter().any(|a| a.eligibility.eligible);
    render(&HomePage { shell, organizations, administered, others, can_link })
}
