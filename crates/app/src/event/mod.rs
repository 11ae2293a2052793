//! What happened, for those who may know.

mod cloud_event;
mod export_activity;
mod filter;
mod follow_activity;
mod list_activity;
mod list_events;
mod ocsf;
mod tell;
mod tell_billing;
mod tell_changes;

pub use export_activity::{LogFormat, export_activity};
pub use filter::ActivityFilter;
pub use follow_activity::{Followed, follow_activity};
pub use list_activity::{Activity, ActivityOf, Told, list_activity};
pub use list_events::list_events;

pub(crate) use cloud_event::cloud_events;
pub(crate) use filter::kinds_of;
pub(crate) use tell::{Names, tell};
