//! An assistant asks its own person to confirm something.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named};

/// For whoever gave it a token. What the assistant wrote is not repeated here: it stands on the page, under its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssistantAsked {
    /// `link` or `undo`.
    pub act: String,
    pub workspace: Named,
    pub organization: Named,
    pub at: Timestamp,
}

impl AssistantAsked {
    fn is_undo(&self) -> bool {
        self.act == "undo"
    }
}

impl Content for AssistantAsked {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Assistant
    }

    fn subject(&self) -> String {
        let what = if self.is_undo() { "undoing the link of" } else { "linking" };
        format!("An assistant asks you to confirm {what} {}", self.workspace.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let (w, o) = (&self.workspace, &self.organization);
        let what = if self.is_undo() {
            format!("that the link of {w} to {o} is undone")
        } else {
            format!("that {w} is linked to {o}")
        };
        vec![
            format!("An assistant that has a token of yours wants {what}. Nothing has happened, and nothing will unless you do it."),
            "Look at the plan first. If you do not know what this is about, decline, and end the token.".to_owned(),
        ]
    }

    fn action(&self) -> Action {
        Action::new("Look at what it asks", "/me/assistants")
    }

    fn stale_at(&self) -> Option<Timestamp> {
        Some(self.at.plus_seconds(orglink_domain::assistant::AssistantRequest::LIFETIME_SECONDS))
    }

    fn samples() -> Vec<Self> {
        let sample = |act: &str| Self {
            act: act.to_owned(),
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            at: Timestamp::from_micros(0),
        };
        vec![sample("link"), sample("undo")]
    }
}
