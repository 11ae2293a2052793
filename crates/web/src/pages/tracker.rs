//! The tracker: capabilities that are missing, for anybody to read, signed in or not; whoever is can follow an entry.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::Error;
use orglink_app::tracker::{self, TrackerView};
use orglink_domain::tracker::path_of;
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::render;

#[derive(Template)]
#[template(path = "tracker.html")]
struct TrackerPage {
    style: &'static str,
    script: &'static str,
    entries: Vec<TrackerView>,
}

#[derive(Template)]
#[template(path = "tracker_entry.html")]
struct EntryPage {
    style: &'static str,
    script: &'static str,
    view: TrackerView,
    /// What the form of a visitor must bring back; nothing for whoever is not signed in.
    form_token: Option<String>,
}

pub async fn show(State(app): State<AppState>, visitor: Option<Visitor>) -> Result<Html<String>, Failure> {
    let entries = tracker::list_tracker(&app, visitor.as_ref().map(Visitor::principal)).await?;
    render(&TrackerPage { style: &STYLE_PATH, script: &SCRIPT_PATH, entries })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(entry): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = tracker::view_tracker_entry(&app, visitor.as_ref().map(Visitor::principal), &entry).await?;
    let form_token = visitor.map(|v| v.form_token(&app));
    render(&EntryPage { style: &STYLE_PATH, script: &SCRIPT_PATH, view, form_token })
}

#[derive(Deserialize)]
pub struct FollowForm {
    /// `follow` or `unfollow`.
    what: String,
}

pub async fn follow(
    State(app): State<AppState>,
    Path(entry): Path<String>,
    form: CheckedForm<FollowForm>,
) -> Result<Redirect, Failure> {
    let principal = form.visitor.principal();
    match form.form.what.as_str() {
        "follow" => tracker::follow_tracker_entry(&app, principal, &entry).await?,
        "unfollow" => tracker::unfollow_tracker_entry(&app, principal, &entry).await?,
        _ => return Err(Failure(Error::field("what", "say follow or unfollow"))),
    }
    Ok(Redirect::to(&path_of(&entry)))
}
