//! Everybody in a workspace.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::workspace::{self, Members};
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
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let members = workspace::list_members(&app, visitor.principal(), &slug, query.text(), &query.request()?).await?;
    let (slug, name) = (&members.workspace.slug, &members.workspace.name);
    let shell = Shell::new(&app, &visitor, format!("Members · {name}")).await?;
    let shell = shell.in_workspace(slug, name, "Members").after_saving(query.saved.as_deref());
    render(&MembersPage { shell, text: query.text().to_owned(), members })
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
