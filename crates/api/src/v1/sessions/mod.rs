mod end_session;
mod list_sessions;
pub use end_session::*;
pub use list_sessions::*;
