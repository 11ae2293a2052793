//! Many workspaces at once: choose them or paste their slugs, a plan with a row each, one confirmation, a result a row.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::eligibility::{LinkableWorkspace, list_linkable};
use orglink_app::link::{
    Acknowledge, LinksAnswer, LinksPlan, LinksRequest, RowOutcome, RowToLink, link_workspaces, plan_links,
};
use orglink_app::{Error, PageRequest, Principal, organization};
use orglink_domain::bulk::{MOST_ROWS, RowResult, RowState};
use orglink_domain::organization::Organization;
use orglink_domain::plan::Warning;
use orglink_domain::role::OrganizationStanding;
use orglink_http::{AppState, CheckedForm, Failure, Problem, QueryString, Visitor};
use serde::Deserialize;

use super::undo_window;
use crate::pages::several;
use crate::shell::{Shell, render};

/// How many workspaces the page offers at once; whoever has more turns it, or pastes.
const OFFERED: i64 = 100;

#[derive(Template)]
#[template(path = "link_many.html")]
struct ManyPage {
    shell: Shell,
    organization: Organization,
    rows: Vec<LinkableWorkspace>,
    /// Which part of the list this is, and which comes next.
    cursor: Option<String>,
    next: Option<String>,
    can_choose: usize,
    /// What was pasted before, and what is wrong with it.
    text: String,
    faults: Vec<String>,
}

#[derive(Template)]
#[template(path = "link_many_plan.html")]
struct PlanPage {
    shell: Shell,
    plan: LinksPlan,
    ready: usize,
    warnings: Vec<(Warning, usize)>,
    /// What *Link* sends back: of each row that is ready its slug and the digest of its plan.
    sent: String,
    undo_window: Option<String>,
}

#[derive(Template)]
#[template(path = "link_many_result.html")]
struct ResultPage {
    shell: Shell,
    organization: Organization,
    rows: Vec<ResultRow>,
    linked: usize,
    already: usize,
    /// Refused or not tried.
    left: usize,
    /// The slugs of those that are left, to plan them again.
    again: String,
}

/// What came of a workspace.
struct ResultRow {
    workspace: String,
    result: RowResult,
    problem: Option<Problem>,
}

#[derive(Deserialize)]
pub struct Query {
    cursor: Option<String>,
}

/// Offers the workspaces that the visitor administers; whoever is not an admin here reads what is missing.
pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    let view = organization::view_organization(&app, visitor.principal(), &slug).await?;
    if view.role != OrganizationStanding::Admin {
        return Ok(Redirect::to(&format!("/organizations/{}/link", view.organization.slug)).into_response());
    }
    let page = choose(&app, &visitor, view.organization, query.cursor.as_deref(), (String::new(), Vec::new())).await?;
    Ok(page.into_response())
}

async fn choose(
    app: &AppState,
    visitor: &Visitor,
    organization: Organization,
    cursor: Option<&str>,
    (text, faults): (String, Vec<String>),
) -> Result<Html<String>, Failure> {
    let page = PageRequest::new(cursor, Some(OFFERED))?;
    let list = list_linkable(app, visitor.principal(), Some(&organization.slug), &page).await?;
    let shell = shell_of(app, visitor, &organization, "Link many workspaces").await?;
    let (rows, next) = (list.page.items, list.page.next);
    let can_choose = rows.iter().filter(|r| r.eligibility.eligible).count();
    let cursor = cursor.map(str::to_owned);
    render(&ManyPage { shell, organization, rows, cursor, next, can_choose, text, faults })
}

/// The slugs of all that the page offered.
async fn offered(
    app: &AppState,
    principal: &Principal,
    slug: &str,
    cursor: Option<&str>,
) -> Result<Vec<String>, Error> {
    let list = list_linkable(app, principal, Some(slug), &PageRequest::new(cursor, Some(OFFERED))?).await?;
    let eligible = list.page.items.into_iter().filter(|r| r.eligibility.eligible);
    Ok(eligible.map(|r| r.workspace.slug).collect())
}

async fn shell_of(
    app: &AppState,
    visitor: &Visitor,
    organization: &Organization,
    title: &str,
) -> Result<Shell, Failure> {
    let shell = Shell::new(app, visitor, format!("{title} · {}", organization.name)).await?;
    Ok(shell.in_organization(&organization.slug, &organization.name, "Apps"))
}

#[derive(Deserialize)]
pub struct ManyForm {
    /// The slugs of the boxes that were ticked, separated by spaces.
    #[serde(default)]
    workspaces: String,
    /// Slugs as they were pasted.
    #[serde(default)]
    slugs: String,
    /// The button that takes all that the page offered.
    all: Option<String>,
    /// Which part of the list that was.
    cursor: Option<String>,
}

/// Shows what linking them would do: a row each.
pub async fn plan(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<ManyForm>,
) -> Result<Response, Failure> {
    let (visitor, form) = (&form.visitor, &form.form);
    let mut names = several(&form.workspaces);
    names.extend(several(&form.slugs));
    match form.all.as_deref() {
        None => {}
        Some("yes") => names.extend(offered(&app, visitor.principal(), &slug, form.cursor.as_deref()).await?),
        Some(_) => {
            // Whoever may not see it is told so, whatever they sent.
            find(&app, visitor.principal(), &slug).await?;
            return Err(Failure(Error::field("all", "use the button of the page")));
        }
    }
    match plan_links(&app, visitor.principal(), &slug, &names).await {
        Ok(plan) => Ok(plan_page(&app, visitor, plan).await?.into_response()),
        Err(Error::BadInput(errors)) => {
            let organization = find(&app, visitor.principal(), &slug).await?;
            let faults = errors.into_iter().map(|e| e.detail).collect();
            let again = (form.slugs.clone(), faults);
            let page = choose(&app, visitor, organization, form.cursor.as_deref(), again).await?;
            Ok((StatusCode::BAD_REQUEST, page).into_response())
        }
        Err(why) => Err(Failure(why)),
    }
}

async fn find(app: &AppState, principal: &Principal, slug: &str) -> Result<Organization, Error> {
    Ok(organization::view_organization(app, principal, slug).await?.organization)
}

async fn plan_page(app: &AppState, visitor: &Visitor, plan: LinksPlan) -> Result<Html<String>, Failure> {
    let shell = shell_of(app, visitor, &plan.organization, "Look at the plan").await?;
    let sent: Vec<String> = plan.ready().map(|(row, digest)| format!("{}={digest}", row.workspace)).collect();
    let (ready, warnings) = (sent.len(), plan.warnings());
    render(&PlanPage { shell, ready, warnings, sent: sent.join(" "), undo_window: undo_window(app), plan })
}

#[derive(Deserialize)]
pub struct ConfirmForm {
    /// Of each row its slug and the digest of its plan.
    #[serde(default)]
    rows: String,
    /// Of all of them.
    #[serde(default)]
    digest: String,
    /// The codes of the warnings ticked, separated by spaces.
    #[serde(default)]
    acknowledge: String,
}

impl ConfirmForm {
    fn rows(&self) -> Result<Vec<RowToLink>, Error> {
        let row = |sent: &str| -> Option<RowToLink> {
            let (workspace, digest) = sent.split_once('=')?;
            Some(RowToLink { workspace: workspace.to_owned(), plan_digest: digest.parse().ok()? })
        };
        let rows: Option<Vec<RowToLink>> = self.rows.split_whitespace().map(row).collect();
        rows.ok_or_else(|| Error::field("rows", "look at the plan first, and send its rows"))
    }
}

/// Links them; sent again, it links what is not linked yet.
pub async fn confirm(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<ConfirmForm>,
) -> Result<Html<String>, Failure> {
    let visitor = &form.visitor;
    // Whoever may not see it is told so, whatever they sent.
    find(&app, visitor.principal(), &slug).await?;
    let digest = form.form.digest.parse();
    let request = LinksRequest {
        organization: slug,
        rows: form.form.rows()?,
        plan_digest: Some(digest.map_err(|_| Error::field("digest", "look at the plan first, and send its digest"))?),
        acknowledge: Acknowledge::Codes(form.form.acknowledge.split_whitespace().map(str::to_owned).collect()),
    };
    let answer = link_workspaces(&app, visitor.principal(), &request, None).await?;
    result_page(&app, visitor, answer).await
}

async fn result_page(app: &AppState, visitor: &Visitor, answer: LinksAnswer) -> Result<Html<String>, Failure> {
    let (linked, already) = (answer.count(RowResult::Linked), answer.count(RowResult::AlreadyLinked));
    let left = answer.rows.len() - linked - already;
    let organization = answer.organization;
    let shell = shell_of(app, visitor, &organization, "What came of it").await?;
    let row = |row: orglink_app::link::LinkedRow| ResultRow {
        result: row.outcome.result(),
        problem: match &row.outcome {
            RowOutcome::Refused(why) => Some(Problem::of(why)),
            _ => None,
        },
        workspace: row.workspace,
    };
    let rows: Vec<ResultRow> = answer.rows.into_iter().map(row).collect();
    let is_left = |row: &&ResultRow| matches!(row.result, RowResult::Refused | RowResult::NotTried);
    let again: Vec<&str> = rows.iter().filter(is_left).map(|row| row.workspace.as_str()).collect();
    let again = again.join(" ");
    render(&ResultPage { shell, organization, rows, linked, already, left, again })
}
