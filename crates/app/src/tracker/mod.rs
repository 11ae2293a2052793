//! The tracker: capabilities that are missing, from the catalog, with what the operator says of their progress. Anybody reads
//! it; whoever is signed in can follow an entry, and hears of it.

mod follow_entry;
mod post_update;
mod view_tracker;

pub use follow_entry::{follow_tracker_entry, unfollow_tracker_entry};
pub use post_update::{NewTrackerUpdate, post_tracker_update};
pub use view_tracker::{TrackerView, list_tracker, view_tracker_entry};

use orglink_domain::tracker::TrackerEntry;

use crate::{App, Error};

/// An entry as the catalog has it, with its name there.
fn find<'a>(app: &'a App, name: &str) -> Result<(&'a str, &'a TrackerEntry), Error> {
    let found = app.catalog.tracker.get_key_value(name).map(|(name, entry)| (name.as_str(), entry));
    found.ok_or_else(|| Error::not_found("tracker entry", name))
}
