//! An organization: overview, and making one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::campaign::{self, ClaimView};
use orglink_app::organization::{self, NewOrganization, OrganizationView};
use orglink_domain::role::OrganizationStanding;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::offers::{Opening, instead};
use super::organization_people::name_of;
use crate::failure::escaped;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "organization.html")]
struct OrganizationPage {
    shell: Shell,
    view: OrganizationView,
    is_admin: bool,
    app_titles: Vec<String>,
    /// One's own roles, as a form names them and as one reads them.
    roles: Vec<(String, String)>,
    account: String,
    /// A campaign made it and nobody has claimed it yet.
    claim: Option<ClaimView>,
}

#[derive(Template)]
#[template(path = "organization_new.html")]
struct NewPage {
    shell: Shell,
    workspace: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    opening: Opening,
) -> Result<Html<String>, Failure> {
    let view = organization::view_organization(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (view.organization.slug.clone(), view.organization.name.clone());
    let shell =
        Shell::new(&app, &visitor, &name).await?.in_organization(&slug, &name, "Overview").live("organization", &slug);
    let is_admin = view.role == OrganizationStanding::Admin;
    let app_titles = app.catalog.apps.values().map(|a| a.title.clone()).collect();
    let roles = view.roles.iter().map(|held| (name_of(held), held.words())).collect();
    let account = visitor.principal().account()?.id.to_string();
    let claim = campaign::view_claim(&app, visitor.principal(), &slug).await?;
    let has_task = claim.is_some() || view.needs_recovery();
    if let Some(offer) = instead(&app, &visitor, opening, &shell, (&slug, has_task)).await? {
        return Ok(offer);
    }
    render(&OrganizationPage { shell, view, is_admin, app_titles, roles, account, claim })
}

/// The workspace that somebody was about to link.
#[derive(Deserialize)]
pub struct Purpose {
    workspace: Option<String>,
}

pub async fn show_new(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(purpose): QueryString<Purpose>,
) -> Result<Html<String>, Failure> {
    let shell = Shell::new(&app, &visitor, "New organization").await?.here("New organization");
    render(&NewPage { shell, workspace: purpose.workspace.unwrap_or_default() })
}

#[derive(Deserialize)]
pub struct NewForm {
    name: String,
    slug: Option<String>,
    /// Set when the organization is made on the way to a link.
    link: Option<String>,
    workspace: Option<String>,
}

pub async fn create(State(app): State<AppState>, form: CheckedForm<NewForm>) -> Result<Redirect, Failure> {
    let principal = form.visitor.principal();
    let wanted = NewOrganization { name: form.form.name, slug: form.form.slug };
    let made = organization::create_organization(&app, principal, &wanted, None).await?;
    let view = organization::view_organization(&app, principal, &made.answer.to_string()).await?;
    let slug = view.organization.slug;
    let chosen = form.form.workspace.filter(|w| !w.is_empty());
    Ok(Redirect::to(&match (form.form.link, chosen) {
        (None, _) => format!("/organizations/{slug}"),
        (Some(_), None) => format!("/organizations/{slug}/link"),
        (Some(_), Some(workspace)) => format!("/organizations/{slug}/link?workspace={}", escaped(&workspace)),
    }))
}
