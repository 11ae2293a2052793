//! The wizard: choose the organization, read what it means, choose the workspace, verify, link; and many at once.

pub mod choose;
pub mod intro;
pub mod many;
mod missing;
mod planned;
pub mod start;
pub mod verify;

pub use missing::{Missing, Propose};
use orglink_app::App;
use orglink_domain::period::Period;
pub use planned::Planned;
use serde::Deserialize;

/// The workspace that somebody came from.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    pub workspace: Option<String>,
}

impl Chosen {
    /// The same, for the next step's address.
    fn query(&self) -> String {
        self.workspace.as_ref().map(|w| format!("?workspace={}", crate::failure::escaped(w))).unwrap_or_default()
    }
}

/// For how long a link that is made now can be undone, in words; none when it is permanent at once.
fn undo_window(app: &App) -> Option<String> {
    let window = Period::from_seconds(app.settings.link_policy.undo_window_seconds);
    (!window.is_none()).then(|| window.to_words())
}
