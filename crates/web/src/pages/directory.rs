//! Directories: of an organization, or of one of its sites. The groups of one, and one of them with who is in it and what is
//! attached.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::directory::{self, Directory, DirectoryMembers, DirectoryOf, NewDirectoryGroup};
use orglink_app::user_management::{self, UsersCampaign, UsersOf};
use orglink_domain::organization::{Organization, Site, UserManagement};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, Sent, chosen, saved, seen};
use crate::shell::{Shell, render};

/// Whose directory a path names.
#[derive(Deserialize)]
pub struct At {
    organization: String,
    site: Option<String>,
}

impl At {
    fn of(&self) -> DirectoryOf<'_> {
        DirectoryOf { organization: &self.organization, site: self.site.as_deref() }
    }
}

/// And which group of it.
#[derive(Deserialize)]
pub struct GroupAt {
    organization: String,
    site: Option<String>,
    directory_group: String,
}

impl GroupAt {
    pub fn of(&self) -> DirectoryOf<'_> {
        DirectoryOf { organization: &self.organization, site: self.site.as_deref() }
    }

    pub fn group(&self) -> &str {
        &self.directory_group
    }

    pub fn path(&self) -> String {
        format!("{}/{}", self.of().path(), self.directory_group)
    }
}

/// Where a directory that was found is.
fn path_of(organization: &Organization, site: Option<&Site>) -> String {
    DirectoryOf { organization: &organization.slug, site: site.map(|s| s.slug.as_str()) }.path()
}

#[derive(Template)]
#[template(path = "directory.html")]
struct DirectoryPage {
    shell: Shell,
    found: Directory,
    here: String,
    /// The campaign that would migrate users into it, and where its forms go.
    campaign: Option<UsersCampaign>,
    campaign_action: String,
}

#[derive(Template)]
#[template(path = "directory_group.html")]
struct GroupPage {
    shell: Shell,
    view: DirectoryMembers,
    directory: String,
    here: String,
    /// How many were invited and added just now.
    sent: Option<(i64, i64)>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(at): Path<At>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = directory::list_directory_groups(&app, visitor.principal(), at.of(), &query.request()?).await?;
    let (slug, name) = (&found.organization.slug, &found.organization.name);
    let title = match &found.site {
        None => format!("Directory · {name}"),
        Some(site) => format!("Directory of {} · {name}", site.slug),
    };
    let shell = Shell::new(&app, &visitor, title).await?;
    let shell = shell.in_organization(slug, name, "Directory").after_saving(query.saved.as_deref());
    let here = path_of(&found.organization, found.site.as_ref());
    let of = UsersOf::Organization(&found.organization.slug);
    let campaign = match found.site {
        Some(_) => None,
        None => user_management::view_users_campaign(&app, visitor.principal(), of).await?,
    };
    let campaign_action = format!("/organizations/{}/users-migration/agreement", found.organization.slug);
    render(&DirectoryPage { shell, found, here, campaign, campaign_action })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(at): Path<GroupAt>,
    QueryString(query): QueryString<ListQuery>,
    QueryString(sent): QueryString<Sent>,
) -> Result<Html<String>, Failure> {
    let page = query.request()?;
    let of = (at.of(), at.group());
    let view = directory::list_directory_members(&app, visitor.principal(), of, &page).await?;
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let shell = Shell::new(&app, &visitor, format!("{} · {name}", view.group.name)).await?;
    let shell = shell.in_organization(slug, name, "Directory").after_saving(query.saved.as_deref());
    let directory = path_of(&view.organization, view.site.as_ref());
    let here = format!("{directory}/{}", view.group.slug);
    render(&GroupPage { shell, view, directory, here, sent: sent.counts() })
}

#[derive(Deserialize)]
pub struct GroupForm {
    name: String,
    slug: Option<String>,
    version: Option<String>,
}

pub async fn create(
    State(app): State<AppState>,
    Path(at): Path<At>,
    form: CheckedForm<GroupForm>,
) -> Result<Redirect, Failure> {
    let wanted = NewDirectoryGroup { name: form.form.name, slug: form.form.slug };
    let made = directory::create_directory_group(&app, form.visitor.principal(), at.of(), &wanted, None).await?;
    Ok(saved(&format!("{}/{}", at.of().path(), made.answer)))
}

pub async fn rename(
    State(app): State<AppState>,
    Path(at): Path<GroupAt>,
    form: CheckedForm<GroupForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    let of = (at.of(), at.group());
    directory::rename_directory_group(&app, form.visitor.principal(), of, &form.form.name, expected).await?;
    Ok(saved(&at.path()))
}

#[derive(Deserialize)]
pub struct VersionForm {
    version: Option<String>,
}

pub async fn delete(
    State(app): State<AppState>,
    Path(at): Path<GroupAt>,
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    directory::delete_directory_group(&app, form.visitor.principal(), (at.of(), at.group()), expected).await?;
    Ok(saved(&at.of().path()))
}

#[derive(Deserialize)]
pub struct MemberForm {
    account: String,
    version: Option<String>,
}

pub async fn remove_member(
    State(app): State<AppState>,
    Path(at): Path<GroupAt>,
    form: CheckedForm<MemberForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    let (principal, of) = (form.visitor.principal(), (at.of(), at.group()));
    directory::remove_directory_member(&app, principal, of, &form.form.account, expected).await?;
    Ok(saved(&at.path()))
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

#[derive(Deserialize)]
pub struct ManagementForm {
    user_management: String,
    version: Option<String>,
}

pub async fn change_user_management(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<ManagementForm>,
) -> Result<Redirect, Failure> {
    let to: UserManagement = chosen("user_management", &form.form.user_management)?;
    let expected = seen(form.form.version.as_deref())?;
    directory::change_user_management(&app, form.visitor.principal(), &slug, to, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/directory")))
}
