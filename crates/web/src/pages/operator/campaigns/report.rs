//! The report of a rehearsal or of the run: its counts, and every workspace with why.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use orglink_app::campaign::{self, DecisionView, RunView};
use orglink_app::{Error, csv_cell};
use orglink_domain::campaign::Purpose;
use orglink_domain::campaign::RunKind;
use orglink_domain::campaign::automatic::DecisionState;
use orglink_domain::id::WorkspaceId;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::path_of;
use crate::pages::chosen;
use crate::shell::{Shell, render};

/// Rows of a report's page.
const ROWS: i64 = 100;
/// Rows that a file of them holds at a time.
const CHUNK: i64 = 1000;

#[derive(Template)]
#[template(path = "operator_campaign_run.html")]
struct RunPage {
    shell: Shell,
    name: String,
    title: String,
    view: RunView,
    rows: Vec<DecisionView>,
    next: Option<WorkspaceId>,
    state: String,
    states: &'static [DecisionState],
    /// The run in paths.
    reference: String,
}

#[derive(Deserialize)]
pub struct RehearsalForm {
    /// Empty for the day of automatic linking.
    on: Option<String>,
}

pub async fn rehearse(
    State(app): State<AppState>,
    Path(name): Path<String>,
    form: CheckedForm<RehearsalForm>,
) -> Result<Redirect, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    let Some(on) = &form.form.on else { return Err(Failure(Error::field("on", "a day, or empty"))) };
    let day = Some(on.trim()).filter(|day| !day.is_empty()).map(str::parse).transpose();
    let day = day.map_err(|e: orglink_domain::day::InvalidDay| Error::field("on", e.to_string()))?;
    let view = campaign::rehearse_campaign(&app, form.visitor.principal(), &name, day).await?;
    Ok(Redirect::to(&format!("{}/runs/{}", path_of(&name), view.run.id)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RowsQuery {
    state: String,
    cursor: Option<String>,
}

impl RowsQuery {
    fn state(&self) -> Result<Option<DecisionState>, Error> {
        Some(self.state.as_str()).filter(|s| !s.is_empty()).map(|s| chosen("state", s)).transpose()
    }
}

/// The run in paths, as use cases take it.
fn run_of(reference: &str) -> Option<&str> {
    (reference != "real").then_some(reference)
}

pub async fn show_run(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((name, run)): Path<(String, String)>,
    QueryString(query): QueryString<RowsQuery>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let view = campaign::view_run(&app, principal, &name, run_of(&run)).await?;
    let after = query.cursor.as_deref().map(str::parse).transpose();
    let after = after.map_err(|_| Error::field("cursor", "follow the link of the page before"))?.map(WorkspaceId);
    let page = campaign::list_decisions(&app, principal, &name, run_of(&run), query.state()?, after, ROWS).await?;
    let title = if view.run.kind == RunKind::Real { "What was decided" } else { "Rehearsal" };
    let shell = Shell::new(&app, &visitor, title).await?.here("Campaigns");
    render(&RunPage {
        shell,
        title: title.to_owned(),
        name: view.run.definition.name.clone(),
        view,
        rows: page.rows,
        next: page.next,
        state: query.state,
        states: DecisionState::ALL,
        reference: run,
    })
}

/// Every row as CSV (RFC 4180).
pub async fn download_run(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((name, run)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let mut text =
        "workspace,name,state,rule,organization,organization_name,group,wave,left_alone,reason,outcome\r\n".to_owned();
    let mut after = None;
    loop {
        let principal = visitor.principal();
        let page = campaign::list_decisions(&app, principal, &name, run_of(&run), None, after, CHUNK).await?;
        for row in &page.rows {
            let cells = [
                row.workspace.clone(),
                row.workspace_name.clone(),
                row.state.to_string(),
                row.rule.map(|r| r.to_string()).unwrap_or_default(),
                row.organization.clone().unwrap_or_default(),
                row.organization_name.clone().unwrap_or_default(),
                row.group.map(|g| g.to_string()).unwrap_or_default(),
                row.wave.map(|w| w.to_string()).unwrap_or_default(),
                row.left_alone.map(|r| r.to_string()).unwrap_or_default(),
                row.reason.clone(),
                row.outcome.clone().unwrap_or_default(),
            ];
            text.push_str(&cells.map(|cell| csv_cell(&cell)).join(","));
            text.push_str("\r\n");
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let name = format!("attachment; filename=\"{name}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], text)
        .into_response())
}
