//! The user groups of a workspace, and one of them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::Page;
use orglink_app::workspace::{self, GroupView};
use orglink_domain::account::Account;
use orglink_domain::workspace::{UserGroup, Workspace};
use orglink_http::{AppState, Failure, QueryString, Visitor};

use super::ListQuery;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "user_groups.html")]
struct GroupsPage {
    shell: Shell,
    workspace: Workspace,
    groups: Vec<GroupView>,
}

#[derive(Template)]
#[template(path = "user_group.html")]
struct GroupPage {
    shell: Shell,
    workspace: Workspace,
    group: UserGroup,
    members: Page<Account>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let groups = workspace::list_user_groups(&app, visitor.principal(), &slug).await?;
    let workspace = workspace::view_workspace(&app, visitor.principal(), &slug).await?.workspace;
    let shell = Shell::new(&app, &visitor, format!("User groups · {}", workspace.name)).await?.in_workspace(
        &workspace.slug,
        &workspace.name,
        "User groups",
    );
    render(&GroupsPage { shell, workspace, groups })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, group)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let (group, members) =
        workspace::list_group_members(&app, visitor.principal(), &slug, &group, &query.request()?).await?;
    let workspace = workspace::view_workspace(&app, visitor.principal(), &slug).await?.workspace;
    let shell = Shell::new(&app, &visitor, format!("{} · {}", group.name, workspace.name)).await?.in_workspace(
        &workspace.slug,
        &workspace.name,
        "User groups",
    );
    render(&GroupPage { shell, workspace, group, members })
}
