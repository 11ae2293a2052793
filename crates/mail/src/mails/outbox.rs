//! What the recipient of a mail must know of how it was treated.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Person};

/// An operator looked at the one-time link of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRevealed {
    pub by: Person,
    /// What the mail was about.
    pub subject: String,
    pub at: Timestamp,
}

impl Content for MailRevealed {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Security
    }

    fn subject(&self) -> String {
        "An operator has seen a one-time link that was meant for you".to_owned()
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!("{} opened a mail to you in the outbox, with its one-time link: “{}”.", self.by, self.subject),
            "Operators do this when a mail does not arrive and they hand you its link another way. If you did not ask \
             for that, talk to them."
                .to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("When", self.at.to_minute())]
    }

    fn action(&self) -> Action {
        Action::new("See your sessions", "/me/security")
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            by: Person::named("Olga Petrova"),
            subject: "Sign in to orglink".to_owned(),
            at: Timestamp::from_micros(1_767_603_600_000_000),
        }]
    }
}
