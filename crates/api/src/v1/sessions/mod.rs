mod end_session;
mod end_sessions;
mod list_sessions;
pub use end_session::*;
pub use end_sessions::*;
pub use list_sessions::*;
