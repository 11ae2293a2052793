//! Says how far the capabilities are that are missing.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::tracker::{self, NewTrackerUpdate, TrackerView};
use orglink_app::{Secret, operator};
use orglink_domain::access_request::AccessRequest;
use orglink_domain::tracker::TrackerState;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::pages::{ListQuery, chosen, saved};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_tracker.html")]
struct TrackerPage {
    shell: Shell,
    entries: Vec<TrackerView>,
    states: &'static [TrackerState],
    /// So that a form that is sent twice says it once.
    key: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    // The tracker is everybody's to read; its page here is for operators.
    operator::view_health(&app, visitor.principal()).await?;
    let entries = tracker::list_tracker(&app, Some(visitor.principal())).await?;
    let shell = Shell::new(&app, &visitor, "Tracker").await?.here("Tracker").after_saving(query.saved.as_deref());
    let key = Secret::generate("page-")?.reveal().to_owned();
    render(&TrackerPage { shell, entries, states: TrackerState::ALL, key })
}

#[derive(Deserialize)]
pub struct UpdateForm {
    state: String,
    note: String,
    key: String,
}

pub async fn post(
    State(app): State<AppState>,
    Path(entry): Path<String>,
    form: CheckedForm<UpdateForm>,
) -> Result<Redirect, Failure> {
    let UpdateForm { state, note, key } = form.form;
    let new = NewTrackerUpdate { state: chosen("state", &state)?, note };
    tracker::post_tracker_update(&app, form.visitor.principal(), &entry, &new, Some(&key)).await?;
    Ok(saved("/operator/tracker"))
}
