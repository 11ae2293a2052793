//! Invites people: addresses pasted in any form, what would become of each, then *Confirm*.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::invitation::{InviteTo, Invited, NewInvitations, Preview, create_invitations, preview_invitations};
use orglink_domain::address_list::{MOST_ADDRESSES, parse_addresses};
use orglink_domain::invitation::Target;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::directory::GroupAt;
use super::organization_people::roles_to_give;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    shell: Shell,
    at: At,
    preview: Preview,
    /// What was typed before, and what is wrong with it.
    text: String,
    faults: Vec<String>,
    /// Which roles there are, each as a form names it and as a person reads it; empty for a user group.
    roles: Vec<(String, String)>,
    role: String,
    hands_over: bool,
}

#[derive(Template)]
#[template(path = "invite_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    at: At,
    preview: Preview,
    becomes: String,
    emails: String,
    role: String,
    hands_over: bool,
    /// At least one address would be added or invited.
    is_worth_it: bool,
}

/// The pages of one way in: where its forms go, and where one comes from.
struct At {
    /// Where the addresses are sent for the preview.
    preview: String,
    /// Where *Confirm* goes.
    confirm: String,
    back: String,
    back_words: String,
}

impl At {
    fn of_group(workspace: &str, group: &str) -> Self {
        let back = format!("/workspaces/{workspace}/user-groups/{group}");
        Self { preview: format!("{back}/add"), confirm: format!("{back}/invite"), back, back_words: group.to_owned() }
    }

    fn of_directory(at: &GroupAt) -> Self {
        let (back, back_words) = (at.path(), at.group().to_owned());
        Self { preview: format!("{back}/add"), confirm: format!("{back}/invite"), back, back_words }
    }

    fn of_people(organization: &str) -> Self {
        let back = format!("/organizations/{organization}/people");
        let back_words = "Admins and roles".to_owned();
        Self { preview: format!("{back}/invite"), confirm: format!("{back}/invite/confirm"), back, back_words }
    }
}

#[derive(Default, Deserialize)]
pub struct InviteForm {
    #[serde(default)]
    emails: String,
    #[serde(default)]
    role: String,
    hands_over: Option<String>,
}

const NO_ROLE: &str = "organization/admin";

async fn form_page(
    app: &AppState,
    visitor: &Visitor,
    (to, at): (&InviteTo<'_>, At),
    form: &InviteForm,
    faults: Vec<String>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let preview = preview_invitations(app, principal, to, &[], false).await?;
    let roles = match to {
        InviteTo::UserGroup(..) | InviteTo::DirectoryGroup(..) => Vec::new(),
        InviteTo::Role(organization, _) => roles_to_give(app, principal, organization).await?,
    };
    let shell = shell_of(app, visitor, &preview, "Add members").await?;
    render(&InvitePage {
        shell,
        at,
        preview,
        text: form.emails.clone(),
        faults,
        roles,
        role: form.role.clone(),
        hands_over: form.hands_over.is_some(),
    })
}

async fn shell_of(app: &AppState, visitor: &Visitor, preview: &Preview, title: &str) -> Result<Shell, Failure> {
    let (slug, name) = (preview.place.slug.clone(), preview.place.name.clone());
    let shell = Shell::new(app, visitor, format!("{title} · {name}")).await?;
    Ok(match preview.place.kind {
        "workspace" => shell.in_workspace(&slug, &name, "User groups"),
        _ => {
            let is_directory = matches!(preview.target, Target::DirectoryGroup(_) | Target::SiteGroup(..));
            shell.in_organization(&slug, &name, if is_directory { "Directory" } else { "Admins and roles" })
        }
    })
}

/// What would become of each address; with a fault, the form again with what was typed.
async fn preview_page(
    app: &AppState,
    visitor: &Visitor,
    (to, at): (&InviteTo<'_>, At),
    form: &InviteForm,
) -> Result<Response, Failure> {
    let emails = match parse_addresses(&form.emails) {
        Ok(emails) => emails,
        Err(faults) => {
            let mut told: Vec<String> = faults.iter().take(20).map(ToString::to_string).collect();
            if faults.len() > 20 {
                told.push(format!("and {} more", faults.len() - 20));
            }
            let page = form_page(app, visitor, (to, at), form, told).await?;
            return Ok((StatusCode::BAD_REQUEST, page).into_response());
        }
    };
    let hands_over = form.hands_over.is_some();
    if hands_over && emails.len() != 1 {
        let told = vec!["an admin role is handed over to one address only".to_owned()];
        let page = form_page(app, visitor, (to, at), form, told).await?;
        return Ok((StatusCode::BAD_REQUEST, page).into_response());
    }
    let preview = preview_invitations(app, visitor.principal(), to, &emails, hands_over).await?;
    let shell = shell_of(app, visitor, &preview, "Confirm").await?;
    let is_worth_it = preview.rows.iter().any(|row| matches!(row.outcome, Invited::Invited | Invited::Added));
    let becomes = preview.target.words();
    let (emails, role) = (emails.join(" "), form.role.clone());
    Ok(render(&ConfirmPage { shell, at, preview, becomes, emails, role, hands_over, is_worth_it })?.into_response())
}

async fn confirm(
    app: &AppState,
    visitor: &Visitor,
    (to, at): (&InviteTo<'_>, At),
    form: &InviteForm,
) -> Result<Redirect, Failure> {
    let emails: Vec<String> = form.emails.split_whitespace().map(str::to_owned).collect();
    let new = NewInvitations { emails, hands_over: form.hands_over.is_some() };
    let made = create_invitations(app, visitor.principal(), to, &new, None).await?.answer;
    let count = |outcome| made.iter().filter(|m| m.outcome == outcome).count();
    let (invited, added) = (count(Invited::Invited), count(Invited::Added));
    Ok(Redirect::to(&format!("{}?invited={invited}&added={added}", at.back)))
}

pub async fn show_for_group(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((workspace, group)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let (to, at) = (InviteTo::UserGroup(&workspace, &group), At::of_group(&workspace, &group));
    form_page(&app, &visitor, (&to, at), &InviteForm::default(), Vec::new()).await
}

pub async fn preview_for_group(
    State(app): State<AppState>,
    Path((workspace, group)): Path<(String, String)>,
    form: CheckedForm<InviteForm>,
) -> Result<Response, Failure> {
    let (to, at) = (InviteTo::UserGroup(&workspace, &group), At::of_group(&workspace, &group));
    preview_page(&app, &form.visitor, (&to, at), &form.form).await
}

pub async fn confirm_for_group(
    State(app): State<AppState>,
    Path((workspace, group)): Path<(String, String)>,
    form: CheckedForm<InviteForm>,
) -> Result<Redirect, Failure> {
    let (to, at) = (InviteTo::UserGroup(&workspace, &group), At::of_group(&workspace, &group));
    confirm(&app, &form.visitor, (&to, at), &form.form).await
}

pub async fn show_for_directory(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(group): Path<GroupAt>,
) -> Result<Html<String>, Failure> {
    let (to, at) = (InviteTo::DirectoryGroup(group.of(), group.group()), At::of_directory(&group));
    form_page(&app, &visitor, (&to, at), &InviteForm::default(), Vec::new()).await
}

pub async fn preview_for_directory(
    State(app): State<AppState>,
    Path(group): Path<GroupAt>,
    form: CheckedForm<InviteForm>,
) -> Result<Response, Failure> {
    let (to, at) = (InviteTo::DirectoryGroup(group.of(), group.group()), At::of_directory(&group));
    preview_page(&app, &form.visitor, (&to, at), &form.form).await
}

pub async fn confirm_for_directory(
    State(app): State<AppState>,
    Path(group): Path<GroupAt>,
    form: CheckedForm<InviteForm>,
) -> Result<Redirect, Failure> {
    let (to, at) = (InviteTo::DirectoryGroup(group.of(), group.group()), At::of_directory(&group));
    confirm(&app, &form.visitor, (&to, at), &form.form).await
}

#[derive(Deserialize)]
pub struct RoleQuery {
    role: Option<String>,
}

pub async fn show_for_role(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(organization): Path<String>,
    QueryString(query): QueryString<RoleQuery>,
) -> Result<Html<String>, Failure> {
    let role = query.role.unwrap_or_else(|| NO_ROLE.to_owned());
    let to = InviteTo::Role(&organization, role.clone());
    let form = InviteForm { role, ..InviteForm::default() };
    form_page(&app, &visitor, (&to, At::of_people(&organization)), &form, Vec::new()).await
}

pub async fn preview_for_role(
    State(app): State<AppState>,
    Path(organization): Path<String>,
    form: CheckedForm<InviteForm>,
) -> Result<Response, Failure> {
    let to = InviteTo::Role(&organization, form.form.role.clone());
    preview_page(&app, &form.visitor, (&to, At::of_people(&organization)), &form.form).await
}

pub async fn confirm_for_role(
    State(app): State<AppState>,
    Path(organization): Path<String>,
    form: CheckedForm<InviteForm>,
) -> Result<Redirect, Failure> {
    let to = InviteTo::Role(&organization, form.form.role.clone());
    confirm(&app, &form.visitor, (&to, At::of_people(&organization)), &form.form).await
}
