//! What happened, for those who may know.

mod export_activity;
mod filter;
mod list_activity;
mod list_events;
mod ocsf;
mod tell;

pub use export_activity::{LogFormat, export_activity};
pub use filter::ActivityFilter;
pub use list_activity::{Activity, ActivityOf, Told, list_activity};
pub use list_events::list_events;

pub(crate) use tell::{Names, tell};
