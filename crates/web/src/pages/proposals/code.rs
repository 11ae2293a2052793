//! Link codes: made by one side and shown once, and where whoever gets one goes.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::consent::{self, LinkCode};
use orglink_app::eligibility::{LinkableWorkspace, list_linkable};
use orglink_app::{PageRequest, organization, workspace};
use orglink_domain::consent::Side;
use orglink_domain::organization::Organization;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{Fault, base_of, status};
use crate::failure::escaped;
use crate::shell::{PROPOSALS, Shell, render};

#[derive(Template)]
#[template(path = "link_code.html")]
struct CodePage {
    shell: Shell,
    code: String,
    /// The page itself, to come back to.
    here: String,
    fault: Option<Fault>,
    /// The side that the code is not of, which the visitor names.
    missing: Option<Side>,
    organizations: Vec<Organization>,
    workspaces: Vec<LinkableWorkspace>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "link_code_made.html")]
struct MadePage {
    shell: Shell,
    made: LinkCode,
    name: String,
    /// The list that it belongs to.
    back: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    code: String,
    cursor: Option<String>,
}

/// Where a code that was handed over leads: the visitor chooses their own side. Looking at it uses nothing up.
pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    let page = PageRequest::new(query.cursor.as_deref(), Some(100))?;
    let code = query.code.trim().to_owned();
    let (mut fault, mut missing) = (None, None);
    if app.settings.shows_proposals() && !code.is_empty() {
        match missing_side(&app, &visitor, &code).await? {
            Ok(side) => missing = Some(side),
            Err(no) => fault = Some(no),
        }
    }
    let (mut organizations, mut workspaces, mut next) = (Vec::new(), Vec::new(), None);
    match missing {
        Some(Side::Organization) => {
            organizations = organization::list_administered_organizations(&app, visitor.principal()).await?;
        }
        Some(_) => {
            let found = list_linkable(&app, visitor.principal(), None, &page).await?.page;
            (workspaces, next) = (found.items, found.next);
            // What can be linked comes first; each part keeps its order.
            workspaces.sort_by_key(|r| !r.eligibility.eligible);
        }
        None => {}
    }
    let here = format!("/link/code?code={}", escaped(&code));
    let shell = Shell::new(&app, &visitor, "Link code").await?.here(PROPOSALS);
    let status = status(fault.as_ref());
    let page = CodePage { shell, code, here, fault, missing, organizations, workspaces, next };
    Ok((status, render(&page)?).into_response())
}

/// The side that a code is not of; or why it cannot be used.
async fn missing_side(app: &AppState, visitor: &Visitor, code: &str) -> Result<Result<Side, Fault>, Failure> {
    Ok(match consent::side_of_link_code(app, visitor.principal(), code).await {
        Ok(Side::Workspace) => Ok(Side::Organization),
        Ok(_) => Ok(Side::Workspace),
        Err(error) => Err(Fault::of(error)?),
    })
}

/// A form that says everything by being sent.
#[derive(Deserialize)]
pub struct Nothing {}

pub async fn make_of_workspace(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Nothing>,
) -> Result<Html<String>, Failure> {
    make(&app, &form.visitor, Side::Workspace, &slug).await
}

pub async fn make_of_organization(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Nothing>,
) -> Result<Html<String>, Failure> {
    make(&app, &form.visitor, Side::Organization, &slug).await
}

async fn make(app: &AppState, visitor: &Visitor, side: Side, slug: &str) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let made = consent::make_link_code(app, principal, side, slug).await?;
    let shell = Shell::new(app, visitor, "Link code").await?;
    let (shell, name) = if side == Side::Workspace {
        let name = workspace::view_workspace(app, principal, &made.of).await?.workspace.name;
        (shell.in_workspace(&made.of, &name, PROPOSALS), name)
    } else {
        let name = organization::view_organization(app, principal, &made.of).await?.organization.name;
        (shell.in_organization(&made.of, &name, PROPOSALS), name)
    };
    let back = format!("{}/proposals", base_of(side, &made.of));
    render(&MadePage { shell, made, name, back })
}

pub async fn withdraw_of_workspace(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    withdraw(&app, &form.visitor, Side::Workspace, &slug).await
}

pub async fn withdraw_of_organization(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    withdraw(&app, &form.visitor, Side::Organization, &slug).await
}

async fn withdraw(app: &AppState, visitor: &Visitor, side: Side, slug: &str) -> Result<Redirect, Failure> {
    let count = consent::withdraw_link_codes(app, visitor.principal(), side, slug).await?;
    Ok(Redirect::to(&format!("{}/proposals?withdrawn={count}", base_of(side, slug))))
}
