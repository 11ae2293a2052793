//! The user groups of a workspace, and one of them with its members and what can be changed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::PageRequest;
use orglink_app::invitation::{InvitationView, list_invitations_of_workspace};
use orglink_app::user_group::{self, GroupPatch, GroupView, GroupWithMembers, NewGroup};
use orglink_app::workspace::{self, WorkspaceView};
use orglink_domain::invitation::{InvitationState, Target};
use orglink_domain::workspace::Permission;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, Sent, chosen, saved, seen, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "user_groups.html")]
struct GroupsPage {
    shell: Shell,
    view: WorkspaceView,
    groups: Vec<GroupView>,
    /// The organization in whose directory it is said who is in them.
    managed: Option<String>,
    is_linked: bool,
    permissions: &'static [Permission],
}

#[derive(Template)]
#[template(path = "user_group.html")]
struct GroupPage {
    shell: Shell,
    view: GroupWithMembers,
    /// Invitations to this group that nobody has answered, for its admins.
    pending: Vec<InvitationView>,
    pending_here: String,
    /// How many were invited and added just now.
    sent: Option<(i64, i64)>,
    permissions: &'static [Permission],
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let groups = user_group::list_user_groups(&app, visitor.principal(), &slug).await?;
    let view = workspace::view_workspace(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (view.workspace.slug.clone(), view.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("User groups · {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "User groups").after_saving(query.saved.as_deref());
    let managed = groups.iter().find_map(|g| g.directory.as_ref().map(|d| d.organization.clone()));
    let is_linked = view.link.is_some();
    render(&GroupsPage { shell, view, groups, managed, is_linked, permissions: Permission::ALL })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, group)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
    QueryString(sent): QueryString<Sent>,
) -> Result<Html<String>, Failure> {
    let view = user_group::list_group_members(&app, visitor.principal(), &slug, &group, &query.request()?).await?;
    let (slug, name) = (view.workspace.slug.clone(), view.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("{} · {name}", view.group.name)).await?;
    let shell = shell.in_workspace(&slug, &name, "User groups").after_saving(query.saved.as_deref());
    let mut pending = Vec::new();
    if view.may_change {
        let (wanted, page) = (Some(InvitationState::Pending), PageRequest::new(None, Some(500))?);
        let list = list_invitations_of_workspace(&app, visitor.principal(), &slug, wanted, &page).await?;
        pending = list.page.items;
        let here = Target::UserGroup(view.group.slug.clone());
        pending.retain(|v| v.invitation.target == here && v.state == InvitationState::Pending);
    }
    let pending_here = format!("/workspaces/{slug}/user-groups/{}", view.group.slug);
    let sent = sent.counts();
    render(&GroupPage { shell, view, pending, pending_here, sent, permissions: Permission::ALL })
}

#[derive(Deserialize)]
pub struct GroupForm {
    name: String,
    slug: Option<String>,
    is_admin: Option<String>,
    repository_permission: String,
    #[serde(default)]
    workspace_permissions: String,
    is_default: Option<String>,
    version: Option<String>,
}

impl GroupForm {
    fn patch(&self) -> Result<GroupPatch, Failure> {
        Ok(GroupPatch {
            name: Some(self.name.clone()),
            is_admin: Some(self.is_admin.is_some()),
            repository_permission: Some(chosen("repository_permission", &self.repository_permission)?),
            workspace_permissions: Some(several(&self.workspace_permissions)),
            is_default: Some(self.is_default.is_some()),
        })
    }
}

pub async fn create(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<GroupForm>,
) -> Result<Redirect, Failure> {
    let fields = form.form.patch()?;
    let wanted = NewGroup { name: form.form.name, slug: form.form.slug, fields };
    let made = user_group::create_group(&app, form.visitor.principal(), &slug, &wanted, None).await?;
    Ok(saved(&format!("/workspaces/{slug}/user-groups/{}", made.answer)))
}

pub async fn change(
    State(app): State<AppState>,
    Path((slug, group)): Path<(String, String)>,
    form: CheckedForm<GroupForm>,
) -> Result<Redirect, Failure> {
    let (patch, expected) = (form.form.patch()?, seen(form.form.version.as_deref())?);
    user_group::change_group(&app, form.visitor.principal(), (&slug, &group), &patch, expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/user-groups/{group}")))
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
    user_group::delete_group(&app, form.visitor.principal(), (&slug, &group), expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/user-groups")))
}

#[derive(Deserialize)]
pub struct RemoveForm {
    pub account: String,
    pub version: Option<String>,
}

pub async fn remove_member(
    State(app): State<AppState>,
    Path((slug, group)): Path<(String, String)>,
    form: CheckedForm<RemoveForm>,
) -> Result<Redirect, Failure> {
    let (principal, expected) = (form.visitor.principal(), seen(form.form.version.as_deref())?);
    user_group::remove_member(&app, principal, (&slug, &group), &form.form.account, expected).await?;
    // Whoever took themselves out may not be let in any more.
    match workspace::view_workspace(&app, principal, &slug).await {
        Ok(_) => Ok(saved(&format!("/workspaces/{slug}/user-groups/{group}"))),
        Err(_) => Ok(Redirect::to("/")),
    }
}
