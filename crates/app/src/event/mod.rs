//! What happened, for those who may know.

mod list_activity;
mod list_events;
mod tell;

pub use list_activity::{Activity, ActivityOf, Told, list_activity};
pub use list_events::list_events;

pub(crate) use tell::{Names, tell};
