//! The Apps page: products on sites and linked workspaces, with "…" More → Link.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::consent::Waiting;
use orglink_app::organization::{self, Apps};
use orglink_domain::organization::{Organization, UserManagement};
use orglink_domain::role::OrganizationStanding;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::offers::{Opening, instead};
use super::proposals::open_of_organization;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "apps.html")]
struct AppsPage {
    shell: Shell,
    organization: Organization,
    apps: Apps,
    app_titles: Vec<String>,
    is_admin: bool,
    /// The name of the workspace that was just linked.
    just_linked: Option<String>,
    /// What is proposed and open, for those who may see it.
    proposals: Vec<Waiting>,
}

#[derive(Deserialize)]
pub struct Query {
    cursor: Option<String>,
    linked: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
    opening: Opening,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let view = organization::view_organization(&app, principal, &slug).await?;
    let page = orglink_app::PageRequest::new(query.cursor.as_deref(), None)?;
    let apps = organization::list_apps(&app, principal, &slug, &page).await?;
    let needs_recovery = view.needs_recovery();
    let organization = view.organization;
    let just_linked = match query.linked {
        Some(linked) => {
            let found = orglink_app::workspace::view_workspace(&app, principal, &linked).await.ok();
            found
                .filter(|w| w.link.as_ref().is_some_and(|l| l.organization.id == organization.id))
                .map(|w| w.workspace.name)
        }
        None => None,
    };
    let proposals = open_of_organization(&app, &visitor, &organization.slug).await?;
    let shell = Shell::new(&app, &visitor, format!("Apps · {}", organization.name))
        .await?
        .in_organization(&organization.slug, &organization.name, "Apps")
        .live("organization", &organization.slug);
    let has_task = !proposals.is_empty() || needs_recovery;
    if let Some(offer) = instead(&app, &visitor, opening, &shell, (&organization.slug, has_task)).await? {
        return Ok(offer);
    }
    render(&AppsPage {
        shell,
        apps,
        app_titles: app.catalog.apps.values().map(|a| a.title.clone()).collect(),
        is_admin: view.role == OrganizationStanding::Admin,
        just_linked,
        proposals,
        organization,
    })
}
