//! A workspace: its link card, or why it is not linked and what to do.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::campaign::{PublicCampaign, current_campaign};
use orglink_app::consent::Waiting;
use orglink_app::workspace::{self, WorkspaceView};
use orglink_domain::link::AccessCheck;
use orglink_domain::role::WorkspaceRole;
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use super::own_path;
use super::proposals::open_of_workspace;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "workspace.html")]
struct WorkspacePage {
    shell: Shell,
    view: WorkspaceView,
    is_admin: bool,
    access_check: &'static str,
    /// The campaign that goes on, for its members.
    campaign: Option<PublicCampaign>,
    /// What is proposed and open, for those who may see it.
    proposals: Vec<Waiting>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = workspace::view_workspace(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (view.workspace.slug.clone(), view.workspace.name.clone());
    let shell =
        Shell::new(&app, &visitor, &name).await?.in_workspace(&slug, &name, "Overview").live("workspace", &slug);
    let is_admin = view.role == WorkspaceRole::Admin;
    let access_check = match view.link.as_ref().map(|l| l.access_check) {
        Some(AccessCheck::Unchanged) => "Compared after the link: nobody gained or lost access.",
        Some(AccessCheck::ChangedSince) => {
            "The workspace's own people changed something before it could be compared; its activity says what."
        }
        Some(AccessCheck::Differs) => {
            "Access differs from before the link although nobody changed it. The operator has been alarmed."
        }
        Some(AccessCheck::Pending) | None => "Being compared with before the link.",
    };
    let campaign = if view.link.is_none() && view.may_see_people { current_campaign(&app).await? } else { None };
    let proposals = if view.link.is_none() { open_of_workspace(&app, &visitor, &slug).await? } else { Vec::new() };
    render(&WorkspacePage { shell, view, is_admin, access_check, campaign, proposals })
}

#[derive(Deserialize)]
pub struct Back {
    next: Option<String>,
}

pub async fn watch(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Back>,
) -> Result<Redirect, Failure> {
    workspace::watch_workspace(&app, form.visitor.principal(), &slug).await?;
    Ok(Redirect::to(&own_path(form.form.next.as_deref(), &format!("/workspaces/{slug}"))))
}

pub async fn unwatch(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Back>,
) -> Result<Redirect, Failure> {
    workspace::unwatch_workspace(&app, form.visitor.principal(), &slug).await?;
    Ok(Redirect::to(&own_path(form.form.next.as_deref(), &format!("/workspaces/{slug}"))))
}
