mod export_activity;
mod follow_activity;
mod list_activity;
mod list_events;
mod view;
pub use export_activity::*;
pub use follow_activity::*;
pub use list_activity::*;
pub use list_events::*;
