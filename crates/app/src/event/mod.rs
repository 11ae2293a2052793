//! What happened, for those who may know.

mod list_events;

pub use list_events::list_events;
