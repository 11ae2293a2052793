//! What people are told: one small file a message in [`mails`], one layout for all of them.
//!
//! A message says its subject, its paragraphs, its facts and its one action; text, HTML and the inbox are made
//! of these, so that they cannot disagree. Messages are kept as template and parameters ([`Mail`] as JSON) and made into
//! words when they are shown or sent: a person is kept as an id and gets their name then, a one-time secret is minted
//! then and never kept.
//!
//! What belongs here: words and how a mail is put together. What does not: whom to tell, when, and what became of it
//! (`app/src/notify/`).

mod calendar;
mod compose;
mod content;
mod mails;
mod post;
mod render;
mod smtp;

pub use compose::{Composed, Envelope, InvalidMail};
pub use content::{Action, Content, Ends, Named, Person, WantedSecret};
pub use mails::*;
pub use post::{Answered, Pending, Post};
pub use render::{Rendered, Rendering};
pub use smtp::{InvalidSmtp, Smtp, SmtpSettings};
