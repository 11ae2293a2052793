//! The repositories of a workspace, and one with who can do what on it and through which group.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::repository::{self, AccessView, Grantee, Repositories};
use orglink_domain::repository_access::Through;
use orglink_domain::workspace::Permission;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, chosen, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "repositories.html")]
struct RepositoriesPage {
    shell: Shell,
    view: Repositories,
    text: String,
}

#[derive(Template)]
#[template(path = "repository.html")]
struct RepositoryPage {
    shell: Shell,
    view: AccessView,
    text: String,
    permissions: &'static [Permission],
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let view = repository::list_repositories(&app, visitor.principal(), &slug, query.text(), &query.request()?).await?;
    let (slug, name) = (&view.workspace.slug, &view.workspace.name);
    let shell =
        Shell::new(&app, &visitor, format!("Repositories · {name}")).await?.in_workspace(slug, name, "Repositories");
    render(&RepositoriesPage { shell, text: query.text().to_owned(), view })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, repository)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let at = (slug.as_str(), repository.as_str());
    let view = repository::view_access(&app, visitor.principal(), at, query.text(), &query.request()?).await?;
    let (slug, name) = (&view.workspace.slug, &view.workspace.name);
    let shell = Shell::new(&app, &visitor, format!("{} · {name}", view.repository.name)).await?;
    let shell = shell.in_workspace(slug, name, "Repositories").after_saving(query.saved.as_deref());
    render(&RepositoryPage { shell, text: query.text().to_owned(), view, permissions: Permission::ALL })
}

#[derive(Deserialize)]
pub struct GrantForm {
    group: Option<String>,
    account: Option<String>,
    /// A permission, or empty to take back what was given.
    permission: String,
    version: Option<String>,
}

pub async fn change_grant(
    State(app): State<AppState>,
    Path((slug, repository)): Path<(String, String)>,
    form: CheckedForm<GrantForm>,
) -> Result<Redirect, Failure> {
    let GrantForm { group, account, permission, version } = &form.form;
    let to = match (group, account) {
        (Some(group), None) => Grantee::Group(group),
        (None, Some(account)) => Grantee::Member(account),
        _ => return Err(Failure(orglink_app::Error::field("group", "say one group or one account"))),
    };
    let permission = if permission.is_empty() { None } else { Some(chosen("permission", permission)?) };
    let (principal, expected) = (form.visitor.principal(), seen(version.as_deref())?);
    repository::change_grant(&app, principal, (&slug, &repository), to, permission, expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/repositories/{repository}")))
}
