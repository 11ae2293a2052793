//! Campaigns: the list, and one with its timeline and its run. The editor is in [`edit`], what was decided in [`report`].

mod edit;
mod report;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::campaign::{self, CampaignView, StepRequest};
use orglink_app::{Error, Page};
use orglink_domain::campaign::Purpose;
use orglink_domain::campaign::automatic::DecisionState;
use orglink_domain::campaign::{Campaign, CampaignState};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

pub use edit::{change, create, preview, show_edit, show_mails, show_new};
pub use report::{download_run, rehearse, show_run};

use crate::pages::{ListQuery, chosen, saved, seen};
use crate::shell::{Shell, render};
use crate::timeline::Timeline;

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
