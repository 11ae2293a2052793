//! Campaigns: the list, one with its timeline and its run, the editor, and the report of a rehearsal or a run.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use orglink_app::campaign::{self, CampaignView, DecisionView, RunView, StepRequest};
use orglink_app::{Error, Page};
use orglink_domain::campaign::automatic::DecisionState;
use orglink_domain::campaign::{Campaign, CampaignState, Definition, RunKind};
use orglink_domain::id::WorkspaceId;
use orglink_domain::workspace::SubscriptionPlan;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;
use serde_json::json;

use crate::pages::{ListQuery, chosen, saved, seen, several};
use crate::shell::{Shell, render};
use crate::timeline::Timeline;

/// Rows of a report's page.
const ROWS: i64 = 100;
/// Rows that a file of them holds at a time.
const CHUNK: i64 = 1000;

#[derive(Template)]
#[template(path = "operator_campaigns.html")]
struct CampaignsPage {
    shell: Shell,
    page: Page<Campaign>,
}

#[derive(Template)]
#[template(path = "operator_campaign.html")]
struct CampaignPage {
    shell: Shell,
    view: CampaignView,
    timeline: Timeline,
    /// Steps that are the operator's to take now: the word, the button, and whether it is for good.
    steps: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "operator_campaign_edit.html")]
struct EditPage {
    shell: Shell,
    d: Definition,
    /// Of the campaign that is changed; none for a new one.
    version: Option<i64>,
    action: String,
    reminders: String,
    plans: &'static [SubscriptionPlan],
}

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

fn path_of(name: &str) -> String {
    format!("/operator/campaigns/{name}")
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let page = campaign::list_campaigns(&app, visitor.principal(), &query.request()?).await?;
    let shell = Shell::new(&app, &visitor, "Campaigns").await?.here("Campaigns");
    render(&CampaignsPage { shell, page })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(name): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let view = campaign::view_campaign(&app, visitor.principal(), &name).await?;
    let shell = Shell::new(&app, &visitor, &view.campaign.definition.title).await?.here("Campaigns");
    let steps = match view.campaign.state {
        CampaignState::Draft => vec![("announce", "Announce", false), ("cancel", "Cancel the campaign", true)],
        CampaignState::Paused => vec![("resume", "Resume", false), ("cancel", "Cancel the campaign", true)],
        CampaignState::Done | CampaignState::Cancelled => vec![],
        _ => vec![("pause", "Pause", false), ("cancel", "Cancel the campaign", true)],
    };
    let timeline = Timeline::of(&view, app.now());
    render(&CampaignPage { shell: shell.after_saving(query.saved.as_deref()), view, timeline, steps })
}

pub async fn show_new(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    campaign::require_operator(&app, visitor.principal())?;
    let shell = Shell::new(&app, &visitor, "New campaign").await?.here("Campaigns");
    let d = campaign::proposed_definition(&app);
    render(&edit_page(shell, d, None, "/operator/campaigns".to_owned()))
}

pub async fn show_edit(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = campaign::view_campaign(&app, visitor.principal(), &name).await?;
    let shell = Shell::new(&app, &visitor, "Change the campaign").await?.here("Campaigns");
    let (version, name) = (view.campaign.version, view.campaign.definition.name.clone());
    render(&edit_page(shell, view.campaign.definition, Some(version), format!("{}/edit", path_of(&name))))
}

fn edit_page(shell: Shell, d: Definition, version: Option<i64>, action: String) -> EditPage {
    let reminders = d.reminders.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    EditPage { shell, d, version, action, reminders, plans: SubscriptionPlan::ALL }
}

/// A definition, field by field.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct DefinitionForm {
    version: Option<String>,
    name: String,
    title: String,
    time_zone: String,
    announce_on: String,
    link_by: String,
    automatic_from: String,
    reminders: String,
    plans: String,
    labels: String,
    workspaces: String,
    created_before: String,
    min_members: String,
    max_members: String,
    use_existing_organization: String,
    minimum_notice: String,
    undo_window: String,
    claim_notice: String,
    canary_percent: String,
    waves: String,
    every: String,
    error_budget: String,
    budget: String,
    longest: String,
    announcement: String,
    reminder: String,
    linked: String,
}

impl DefinitionForm {
    fn definition(&self) -> Result<Definition, Error> {
        let number = |field: &'static str, text: &str| -> Result<Option<i64>, Error> {
            let text = text.trim();
            let parsed = (!text.is_empty()).then(|| text.parse::<u32>().map(i64::from)).transpose();
            parsed.map_err(|_| Error::field(field, format!("'{text}' is not a whole number")))
        };
        let required = |field, text: &str| Ok::<i64, Error>(number(field, text)?.unwrap_or(0));
        let mut reminders = Vec::new();
        for days in several(&self.reminders) {
            reminders.push(required("reminders", &days)?);
        }
        let text = |t: &str| t.replace("\r\n", "\n").trim().to_owned();
        let day = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
        campaign::parse_definition(json!({
            "name": self.name.trim(), "title": self.title.trim(), "time_zone": self.time_zone.trim(),
            "announce_on": self.announce_on.trim(), "link_by": self.link_by.trim(),
            "automatic_from": self.automatic_from.trim(), "reminders": reminders,
            "cohort": {
                "plans": several(&self.plans), "labels": several(&self.labels), "workspaces": several(&self.workspaces),
                "created_before": day(&self.created_before),
                "min_members": number("min_members", &self.min_members)?,
                "max_members": number("max_members", &self.max_members)?,
            },
            "automatic": {
                "use_existing_organization": self.use_existing_organization, "minimum_notice": self.minimum_notice.trim(),
                "undo_window": self.undo_window.trim(), "claim_notice": self.claim_notice.trim(),
            },
            "waves": {
                "canary_percent": required("canary_percent", &self.canary_percent)?,
                "count": required("waves", &self.waves)?, "every": self.every.trim(),
                "error_budget": required("error_budget", &self.error_budget)?,
            },
            "postponement": { "budget": required("budget", &self.budget)?, "longest": self.longest.trim() },
            "texts": {
                "announcement": text(&self.announcement), "reminder": text(&self.reminder), "linked": text(&self.linked),
            },
        }))
    }
}

pub async fn create(State(app): State<AppState>, form: CheckedForm<DefinitionForm>) -> Result<Redirect, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    let definition = form.form.definition()?;
    campaign::create_campaign(&app, form.visitor.principal(), &definition, None).await?;
    Ok(saved(&path_of(&definition.name)))
}

pub async fn change(
    State(app): State<AppState>,
    Path(name): Path<String>,
    form: CheckedForm<DefinitionForm>,
) -> Result<Redirect, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    let expected = seen(form.form.version.as_deref())?;
    let definition = form.form.definition()?;
    let after = campaign::change_campaign(&app, form.visitor.principal(), &name, &definition, expected).await?;
    Ok(saved(&path_of(&after.definition.name)))
}

#[derive(Deserialize)]
pub struct StepForm {
    #[serde(default)]
    step: String,
    #[serde(default)]
    reason: String,
    version: Option<String>,
}

pub async fn step(
    State(app): State<AppState>,
    Path(name): Path<String>,
    form: CheckedForm<StepForm>,
) -> Result<Redirect, Failure> {
    let (principal, form) = (form.visitor.principal(), &form.form);
    campaign::require_operator(&app, principal)?;
    if form.step == "retry" {
        campaign::retry_failed(&app, principal, &name).await?;
        return Ok(saved(&path_of(&name)));
    }
    let request = StepRequest { step: chosen("step", &form.step)?, reason: Some(form.reason.clone()) };
    campaign::step_campaign(&app, principal, &name, &request, seen(form.version.as_deref())?).await?;
    Ok(saved(&path_of(&name)))
}

#[derive(Deserialize)]
pub struct UndoForm {
    #[serde(default)]
    wave: String,
    #[serde(default)]
    reason: String,
}

pub async fn undo(
    State(app): State<AppState>,
    Path(name): Path<String>,
    form: CheckedForm<UndoForm>,
) -> Result<Redirect, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    let wave = Some(form.form.wave.trim()).filter(|w| !w.is_empty()).map(str::parse).transpose();
    let wave = wave.map_err(|_| Error::field("wave", "the number of a wave, or nothing for all"))?;
    campaign::undo_run(&app, form.visitor.principal(), &name, wave, &form.form.reason).await?;
    Ok(saved(&path_of(&name)))
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
    let day = day.map_err(|e: orglink_domain::campaign::InvalidDay| Error::field("on", e.to_string()))?;
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

/// One cell: quoted when it must be; and never a formula to whoever opens it in a spreadsheet.
fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if is_formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(super::csv_cell("a"), "a");
        assert_eq!(super::csv_cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(super::csv_cell("=1+1"), "'=1+1");
    }
}
