//! Which workspace? Those that cannot be chosen say why, what to do, and who can.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::eligibility::{EmptyCause, LinkableWorkspace, list_linkable};
use orglink_app::{PageRequest, organization};
use orglink_domain::access_request::{AccessRequest, AskedKind};
use orglink_domain::organization::Organization;
use orglink_domain::role::OrganizationStanding;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{Missing, Propose};
use crate::failure::escaped;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "link_choose.html")]
struct ChoosePage {
    shell: Shell,
    organization: Organization,
    rows: Vec<LinkableWorkspace>,
    next: Option<String>,
    empty: Option<EmptyCause>,
    can_choose: bool,
    chosen: String,
    here: String,
    /// The ways to a workspace that is not in the list.
    missing: Missing,
    is_open: bool,
}

#[derive(Deserialize)]
pub struct Query {
    workspace: Option<String>,
    cursor: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let view = organization::view_organization(&app, visitor.principal(), &slug).await?;
    let page = PageRequest::new(query.cursor.as_deref(), Some(100))?;
    let list = list_linkable(&app, visitor.principal(), Some(&slug), &page).await?;
    let organization = view.organization;
    let shell = Shell::new(&app, &visitor, "Choose the workspace").await?.in_organization(
        &organization.slug,
        &organization.name,
        "Apps",
    );
    let mut rows = list.page.items;
    // What can be chosen comes first; each part keeps its order.
    rows.sort_by_key(|r| !r.eligibility.eligible);
    let can_choose = rows.iter().any(|r| r.eligibility.eligible);
    let chosen = query.workspace.unwrap_or_default();
    let here = format!("/organizations/{}/link/workspace", organization.slug);
    let here = if chosen.is_empty() { here } else { format!("{here}?workspace={}", escaped(&chosen)) };
    let kind = AskedKind::Workspace;
    let mut missing = Missing::find(&app, &visitor, kind, "", here.clone(), None).await?;
    let hand_over = (view.role == OrganizationStanding::Admin)
        .then(|| (organization.name.clone(), format!("/organizations/{}/link-code", organization.slug)));
    missing.propose = Propose::find(&app, Some(chosen.as_str()), &organization.slug, hand_over);
    let is_listed = rows.iter().any(|r| r.workspace.slug == chosen);
    let is_open = rows.is_empty() || (!chosen.is_empty() && !is_listed);
    render(&ChoosePage {
        shell,
        organization,
        rows,
        next: list.page.next,
        empty: list.empty,
        can_choose,
        chosen,
        here,
        missing,
        is_open,
    })
}
