//! Everybody in a workspace.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::{Page, workspace};
use orglink_domain::account::Account;
use orglink_domain::workspace::Workspace;
use orglink_http::{AppState, Failure, QueryString, Visitor};

use super::ListQuery;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage {
    shell: Shell,
    workspace: Workspace,
    members: Page<Account>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let members = workspace::list_members(&app, visitor.principal(), &slug, &query.request()?).await?;
    let workspace = workspace::view_workspace(&app, visitor.principal(), &slug).await?.workspace;
    let shell = Shell::new(&app, &visitor, format!("Members · {}", workspace.name)).await?.in_workspace(
        &workspace.slug,
        &workspace.name,
        "Members",
    );
    render(&MembersPage { shell, workspace, members })
}
