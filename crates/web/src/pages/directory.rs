//! The directory of an organization: its groups, and one of them with who is in it and what is attached.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::directory::{self, Directory, DirectoryMembers, NewDirectoryGroup};
use orglink_app::user_management::{self, UsersCampaign, UsersOf};
use orglink_domain::organization::UserManagement;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, Sent, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "directory.html")]
struct DirectoryPage {
    shell: Shell,
    found: Directory,
    is_original: bool,
    /// The campaign that would migrate users into it, and where its forms go.
    campaign: Option<UsersCampaign>,
    campaign_action: String,
}

#[derive(Template)]
#[template(path = "directory_group.html")]
struct GroupPage {
    shell: Shell,
    view: DirectoryMembers,
    here: String,
    /// How many were invited and added just now.
    sent: Option<(i64, i64)>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = directory::list_directory_groups(&app, visitor.principal(), &slug, &query.request()?).await?;
    let (slug, name) = (&found.organization.slug, &found.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Directory · {name}")).await?;
    let shell = shell.in_organization(slug, name, "Directory").after_saving(query.saved.as_deref());
    let is_original = found.organization.user_management == UserManagement::Original;
    let campaign = user_management::view_users_campaign(&app, visitor.principal(), UsersOf::Organization(slug)).await?;
    let campaign_action = format!("/organizations/{slug}/users-migration/agreement");
    render(&DirectoryPage { shell, found, is_original, campaign, campaign_action })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, group)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
    QueryString(sent): QueryString<Sent>,
) -> Result<Html<String>, Failure> {
    let page = query.request()?;
    let view = directory::list_directory_members(&app, visitor.principal(), (&slug, &group), &page).await?;
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let shell = Shell::new(&app, &visitor, format!("{} · {name}", view.group.name)).await?;
    let shell = shell.in_organization(slug, name, "Directory").after_saving(query.saved.as_deref());
    let here = format!("/organizations/{slug}/directory/{}", view.group.slug);
    render(&GroupPage { shell, view, here, sent: sent.counts() })
}

#[derive(Deserialize)]
pub struct GroupForm {
    name: String,
    slug: Option<String>,
    version: Option<String>,
}

pub async fn create(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<GroupForm>,
) -> Result<Redirect, Failure> {
    let wanted = NewDirectoryGroup { name: form.form.name, slug: form.form.slug };
    let made = directory::create_directory_group(&app, form.visitor.principal(), &slug, &wanted, None).await?;
    Ok(saved(&format!("/organizations/{slug}/directory/{}", made.answer)))
}

pub async fn rename(
    State(app): State<AppState>,
    Path((slug, group)): Path<(String, String)>,
    form: CheckedForm<GroupForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    let of = (slug.as_str(), group.as_str());
    directory::rename_directory_group(&app, form.visitor.principal(), of, &form.form.name, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/directory/{group}")))
}

#[derive(Deserialize)]
pub struct VersionForm {
    version: Option<String>,
}

pub async fn delete(
    State(app): State<AppState>,
    Path((slug, group)): Path<(String, String)>,
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    directory::delete_directory_group(&app, form.visitor.principal(), (&slug, &group), expected).await?;
    Ok(saved(&format!("/organizations/{slug}/directory")))
}

#[derive(Deserialize)]
pub struct MemberForm {
    account: String,
    version: Option<String>,
}

pub async fn remove_member(
    State(app): State<AppState>,
    Path((slug, group)): Path<(String, String)>,
    form: CheckedForm<MemberForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    let (principal, of) = (form.visitor.principal(), (slug.as_str(), group.as_str()));
    directory::remove_directory_member(&app, principal, of, &form.form.account, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/directory/{group}")))
}

#[derive(Deserialize)]
pub struct AttachForm {
    workspace: String,
}

pub async fn attach(
    State(app): State<AppState>,
    Path((slug, group)): Path<(String, String)>,
    form: CheckedForm<AttachForm>,
) -> Result<Redirect, Failure> {
    let (principal, of) = (form.visitor.principal(), (slug.as_str(), group.as_str()));
    directory::attach_directory_group(&app, principal, of, form.form.workspace.trim()).await?;
    Ok(saved(&format!("/organizations/{slug}/directory/{group}")))
}
