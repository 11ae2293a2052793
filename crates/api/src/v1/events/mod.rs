mod list_activity;
mod list_events;
pub use list_activity::*;
pub use list_events::*;
