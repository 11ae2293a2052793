mod change_notification;
mod list_notifications;
mod preferences;
pub use change_notification::*;
pub use list_notifications::*;
pub use preferences::*;
