//! An organization's switches, and what each of its linked workspaces may use.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::entitlement::{self, OrganizationFeatures};
use orglink_domain::entitlement::TurnedBy;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "organization_features.html")]
struct FeaturesPage {
    shell: Shell,
    found: OrganizationFeatures,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = entitlement::view_organization_features(&app, visitor.principal(), &slug, &query.request()?).await?;
    let (slug, name) = (&found.organization.slug, &found.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Features · {name}")).await?;
    let shell = shell.in_organization(slug, name, "Features").after_saving(query.saved.as_deref());
    let shell = shell.live("organization", slug);
    render(&FeaturesPage { shell, found })
}

#[derive(Deserialize)]
pub struct SwitchForm {
    switch: String,
    /// `on` or `off`.
    to: String,
    version: Option<String>,
}

pub async fn turn(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<SwitchForm>,
) -> Result<Redirect, Failure> {
    let is_on = match form.form.to.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(Failure(orglink_app::Error::field("to", "is on or off"))),
    };
    let expected = seen(form.form.version.as_deref())?;
    let turned = (form.form.switch.as_str(), is_on);
    entitlement::turn_switch(&app, form.visitor.principal(), &slug, turned, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/features")))
}
