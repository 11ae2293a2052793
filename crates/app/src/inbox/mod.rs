//! What somebody was told in the product, and what they want by mail.

mod list_notifications;
mod preferences;
mod read_notifications;
mod unsubscribe;

pub(crate) use list_notifications::list_urgent;
pub use list_notifications::{Entry, Inbox, Urgent, count_unread, find_notification_path, list_notifications};
pub use preferences::{Preference, change_preference, list_preferences};
pub use read_notifications::{change_notification, read_all_notifications};
pub use unsubscribe::{find_unsubscribe, unsubscribe};
