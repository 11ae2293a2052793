//! Everybody in a workspace.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::PageRequest;
use orglink_app::invitation::{InvitationView, list_invitations_of_workspace};
use orglink_app::workspace::{self, Members};
use orglink_domain::invitation::InvitationState;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};

use super::user_groups::RemoveForm;
use super::{ListQuery, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage {
    shell: Shell,
    members: Members,
    text: String,
    /// Invitations that nobody has answered, for admins.
    pending: Vec<InvitationView>,
    pending_here: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let members = workspace::list_members(&app, visitor.principal(), &slug, query.text(), &query.request()?).await?;
    let mut pending = Vec::new();
    if members.may_change {
        let (wanted, page) = (Some(InvitationState::Pending), PageRequest::new(None, Some(500))?);
        pending = list_invitations_of_workspace(&app, visitor.principal(), &slug, wanted, &page).await?.page.items;
        pending.retain(|v| v.state == InvitationState::Pending);
    }
    let (slug, name) = (&members.workspace.slug, &members.workspace.name);
    let shell = Shell::new(&app, &visitor, format!("Members · {name}")).await?;
    let shell = shell.in_workspace(slug, name, "Members").after_saving(query.saved.as_deref());
    let pending_here = format!("/workspaces/{slug}/members");
    render(&MembersPage { shell, text: query.text().to_owned(), members, pending, pending_here })
}

pub async fn remove(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<RemoveForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    workspace::remove_member(&app, form.visitor.principal(), &slug, &form.form.account, expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/members")))
}
