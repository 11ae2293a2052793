//! What somebody was told in the product, and what they want by mail.

mod list_notifications;
mod preferences;
mod read_notifications;

pub use list_notifications::{Entry, Inbox, Urgent, list_notifications, list_urgent};
pub use preferences::{Preference, change_preference, list_preferences};
pub use read_notifications::{change_notification, read_all_notifications};
