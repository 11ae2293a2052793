//! The outbox: mails on their way to the mail server, and what operators see and do there.

mod deliver;
mod list_mails;
mod make;
mod settle;
mod view_mail;

use std::sync::Arc;

use orglink_mail::Post;

pub use deliver::deliver;
pub use list_mails::{ListedMail, MailCounts, count_mails, list_mails};
pub use settle::{give_up_mail, retry_mail, retry_refused_mails};
pub use view_mail::{ViewedMail, reveal_mail, view_mail};

/// Where mails go from here.
#[derive(Default)]
pub struct Outbox {
    /// The mail server; without one, mails wait.
    post: Option<Arc<dyn Post>>,
    /// Operators see one-time links without ceremony: only in a demo.
    shows_secrets: bool,
}

impl Outbox {
    /// Hands mails over to a server.
    #[must_use]
    pub fn to(post: Arc<dyn Post>) -> Self {
        Self { post: Some(post), shows_secrets: false }
    }

    /// As in a demo: nothing is hidden from whoever plays the operator.
    #[must_use]
    pub fn showing_secrets(mut self) -> Self {
        self.shows_secrets = true;
        self
    }

    /// Mails are sent, not only kept.
    #[must_use]
    pub const fn sends(&self) -> bool {
        self.post.is_some()
    }

    #[must_use]
    pub const fn shows_secrets(&self) -> bool {
        self.shows_secrets
    }
}
