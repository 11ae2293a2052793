//! Entries of the tracker, as JSON.

use orglink_app::tracker::TrackerView;
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::ReasonCode;
use orglink_domain::tracker::{TrackerState, TrackerUpdate};
use serde::Serialize;
use utoipa::ToSchema;

/// A capability that is missing, with how far it is.
#[derive(Serialize, ToSchema)]
pub struct TrackerEntryJson {
    /// Its name in the catalog.
    entry: String,
    title: String,
    /// What it means, who is concerned, what works meanwhile.
    text: Vec<String>,
    /// The reason that the lack of it is.
    #[schema(value_type = String)]
    capability: ReasonCode,
    /// `planned`, `in_progress` or `available`; null while nobody has said anything.
    #[schema(value_type = Option<String>)]
    state: Option<TrackerState>,
    /// What the operator said of it, the newest first; in a list only that one.
    updates: Vec<TrackerUpdateJson>,
    /// You are told of what is said of it.
    is_followed: bool,
    /// How many people are; null for everybody but operators.
    followers: Option<i64>,
    /// Its page, which anybody may read.
    url: String,
}

/// Something that the operator said of an entry.
#[derive(Serialize, ToSchema)]
pub struct TrackerUpdateJson {
    id: String,
    #[schema(value_type = String)]
    state: TrackerState,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    posted_at: Timestamp,
}

impl TrackerUpdateJson {
    fn of(update: &TrackerUpdate) -> Self {
        Self { id: update.id.to_string(), state: update.state, note: update.note.clone(), posted_at: update.posted_at }
    }
}

impl TrackerEntryJson {
    pub fn of(view: &TrackerView, public_url: &str) -> Self {
        Self {
            entry: view.name.clone(),
            title: view.entry.title.clone(),
            text: view.entry.paragraphs(),
            capability: view.entry.capability,
            state: view.state(),
            updates: view.updates.iter().map(TrackerUpdateJson::of).collect(),
            is_followed: view.is_followed,
            followers: view.followers,
            url: format!("{public_url}{}", orglink_domain::tracker::path_of(&view.name)),
        }
    }
}
