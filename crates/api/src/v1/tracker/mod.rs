mod follow_entry;
mod list_tracker;
mod post_update;
mod view;

pub use follow_entry::*;
pub use list_tracker::*;
pub use post_update::*;
