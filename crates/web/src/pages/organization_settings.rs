//! What an organization's admins decide about it: its name, and its deletion.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::Error;
use orglink_app::organization::{self, OrganizationDeletion, OrganizationView};
use orglink_domain::name::fold;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "organization_settings.html")]
struct SettingsPage {
    shell: Shell,
    view: OrganizationView,
}

#[derive(Template)]
#[template(path = "organization_delete.html")]
struct DeletionPage {
    shell: Shell,
    deletion: OrganizationDeletion,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let view = organization::view_organization(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Settings · {name}")).await?;
    let shell = shell.in_organization(slug, name, "Settings").after_saving(query.saved.as_deref());
    render(&SettingsPage { shell, view })
}

#[derive(Deserialize)]
pub struct SettingsForm {
    name: String,
    version: Option<String>,
}

pub async fn change(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<SettingsForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    organization::change_organization(&app, form.visitor.principal(), &slug, &form.form.name, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/settings")))
}

pub async fn show_deletion(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let deletion = organization::preview_deletion(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (&deletion.organization.slug, &deletion.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Delete · {name}")).await?.in_organization(slug, name, "Settings");
    render(&DeletionPage { shell, deletion })
}

#[derive(Deserialize)]
pub struct DeletionForm {
    /// The slug, typed.
    #[serde(default)]
    confirm: String,
    version: Option<String>,
}

pub async fn delete(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<DeletionForm>,
) -> Result<Redirect, Failure> {
    let (principal, expected) = (form.visitor.principal(), seen(form.form.version.as_deref())?);
    let there = organization::preview_deletion(&app, principal, &slug).await?.organization;
    if fold(form.form.confirm.trim()) != fold(&there.slug) {
        let detail = format!("type the slug of the organization, {}, to say that you mean it", there.slug);
        return Err(Failure(Error::field("confirm", detail)));
    }
    organization::delete_organization(&app, principal, &slug, expected).await?;
    Ok(Redirect::to("/"))
}
