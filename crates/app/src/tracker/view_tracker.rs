//! The tracker, looked at: by anybody.

use orglink_domain::tracker::{TrackerEntry, TrackerState, TrackerUpdate};
use orglink_policy::Action;
use orglink_store::{Tx, tracker};

use super::find;
use crate::{App, Error, Principal};

/// An entry with what was said of it.
#[derive(Debug, Clone)]
pub struct TrackerView {
    /// Its name in the catalog.
    pub name: String,
    pub entry: TrackerEntry,
    /// The newest first; of a list only that one.
    pub updates: Vec<TrackerUpdate>,
    /// The one who looks follows it.
    pub is_followed: bool,
    /// How many people do: for operators.
    pub followers: Option<i64>,
}

impl TrackerView {
    /// How far it is; nothing while nobody has said anything.
    #[must_use]
    pub fn state(&self) -> Option<TrackerState> {
        self.updates.first().map(|update| update.state)
    }

    /// The same as a form has it.
    #[must_use]
    pub fn state_word(&self) -> &'static str {
        self.state().map_or("", TrackerState::as_str)
    }
}

/// How much of what was said an entry shows.
const MOST_UPDATES: i64 = 100;

/// Every entry of the catalog by name, for whoever is signed in and for anybody else.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_tracker(app: &App, principal: Option<&Principal>) -> Result<Vec<TrackerView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let mut found = Vec::new();
    for (name, entry) in &app.catalog.tracker {
        found.push(view(app, &mut tx, principal, (name, entry), 1).await?);
    }
    Ok(found)
}

/// One of them, with what was said of it.
///
/// # Errors
/// `NotFound`.
pub async fn view_tracker_entry(app: &App, principal: Option<&Principal>, name: &str) -> Result<TrackerView, Error> {
    let entry = find(app, name)?;
    let mut tx = app.db.begin_read().await?;
    view(app, &mut tx, principal, entry, MOST_UPDATES).await
}

async fn view(
    app: &App,
    tx: &mut Tx,
    principal: Option<&Principal>,
    (name, entry): (&str, &TrackerEntry),
    most: i64,
) -> Result<TrackerView, Error> {
    let is_followed = match principal.and_then(Principal::account_if_any) {
        Some(account) => tracker::is_follower(tx, name, account.id).await?,
        None => false,
    };
    let followers = match principal {
        Some(who) if app.may(Action::PostTrackerUpdate, who.standing()) => {
            Some(tracker::count_followers(tx, name).await?)
        }
        _ => None,
    };
    let updates = tracker::list_updates(tx, name, most).await?;
    Ok(TrackerView { name: name.to_owned(), entry: entry.clone(), updates, is_followed, followers })
}
