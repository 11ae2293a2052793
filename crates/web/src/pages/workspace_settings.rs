//! What a workspace's admins decide about it: name, contacts, conversion, deletion; and leaving it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::Error;
use orglink_app::workspace::{self, WorkspaceDeletion, WorkspacePatch, WorkspaceView};
use orglink_domain::name::fold;
use orglink_domain::workspace::{ContactKind, Kind};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved, seen, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "workspace_settings.html")]
struct SettingsPage {
    shell: Shell,
    view: WorkspaceView,
    billing: String,
    technical: String,
}

#[derive(Template)]
#[template(path = "workspace_convert.html")]
struct ConversionPage {
    shell: Shell,
    view: WorkspaceView,
}

#[derive(Template)]
#[template(path = "workspace_delete.html")]
struct DeletionPage {
    shell: Shell,
    deletion: WorkspaceDeletion,
}

async fn frame(app: &AppState, visitor: &Visitor, view: &WorkspaceView, title: &str) -> Result<Shell, Failure> {
    let (slug, name) = (&view.workspace.slug, &view.workspace.name);
    Ok(Shell::new(app, visitor, format!("{title} · {name}")).await?.in_workspace(slug, name, "Settings"))
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let view = workspace::view_workspace(&app, visitor.principal(), &slug).await?;
    let contacts = if view.may_see_subscription {
        workspace::view_subscription(&app, visitor.principal(), &slug).await?.contacts
    } else {
        Vec::new()
    };
    let of = |wanted| {
        let emails = contacts.iter().filter(|(kind, _)| *kind == wanted).map(|(_, email)| email.as_str());
        emails.collect::<Vec<_>>().join(", ")
    };
    let (billing, technical) = (of(ContactKind::Billing), of(ContactKind::Technical));
    let shell = frame(&app, &visitor, &view, "Settings").await?.after_saving(query.saved.as_deref());
    render(&SettingsPage { shell, view, billing, technical })
}

#[derive(Deserialize)]
pub struct SettingsForm {
    name: String,
    #[serde(default)]
    billing_contacts: String,
    #[serde(default)]
    technical_contacts: String,
    version: Option<String>,
}

pub async fn change(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<SettingsForm>,
) -> Result<Redirect, Failure> {
    let patch = WorkspacePatch {
        name: Some(form.form.name.clone()),
        billing_contacts: Some(several(&form.form.billing_contacts)),
        technical_contacts: Some(several(&form.form.technical_contacts)),
        ..WorkspacePatch::default()
    };
    let expected = seen(form.form.version.as_deref())?;
    workspace::change_workspace(&app, form.visitor.principal(), &slug, &patch, expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/settings")))
}

pub async fn show_conversion(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = workspace::view_workspace(&app, visitor.principal(), &slug).await?;
    let shell = frame(&app, &visitor, &view, "Convert").await?;
    render(&ConversionPage { shell, view })
}

#[derive(Deserialize)]
pub struct VersionForm {
    version: Option<String>,
}

pub async fn convert(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    workspace::convert_workspace(&app, form.visitor.principal(), &slug, expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/settings")))
}

pub async fn leave(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    let (principal, expected) = (form.visitor.principal(), seen(form.form.version.as_deref())?);
    let me = principal.account()?.id.to_string();
    workspace::remove_member(&app, principal, &slug, &me, expected).await?;
    Ok(Redirect::to("/"))
}

pub async fn show_deletion(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let deletion = workspace::preview_deletion(&app, visitor.principal(), &slug).await?;
    let view = workspace::view_workspace(&app, visitor.principal(), &slug).await?;
    let shell = frame(&app, &visitor, &view, "Delete").await?;
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
    let there = workspace::preview_deletion(&app, principal, &slug).await?.workspace;
    if fold(form.form.confirm.trim()) != fold(&there.slug) {
        let detail = format!("type the slug of the workspace, {}, to say that you mean it", there.slug);
        return Err(Failure(Error::field("confirm", detail)));
    }
    workspace::delete_workspace(&app, principal, &slug, expected).await?;
    Ok(Redirect::to("/"))
}
