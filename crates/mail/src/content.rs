//! What every message says of itself.

use std::fmt;

use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, Through};
use orglink_domain::id::AccountId;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message: what a mail and an entry of the inbox are made of.
pub trait Content {
    /// What people choose by, and whether they may.
    fn kind(&self) -> NoticeKind;

    /// One line, without a full stop.
    fn subject(&self) -> String;

    /// Whole sentences, each paragraph one text; the first must do alone.
    fn paragraphs(&self) -> Vec<String>;

    /// Short facts beside them: what, which.
    fn facts(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The one thing to do next.
    fn action(&self) -> Action;

    /// A one-time secret that the action of the mail carries, minted when the mail is made for delivery. The inbox
    /// has the plain action.
    fn secret(&self) -> Option<WantedSecret> {
        None
    }

    /// Shown on every page until it is read.
    fn is_urgent(&self) -> bool {
        false
    }

    /// A date that belongs into a calendar: when, and what to call it.
    fn date(&self) -> Option<(Timestamp, String)> {
        None
    }

    /// After this moment the mail is no longer worth sending.
    fn stale_at(&self) -> Option<Timestamp> {
        None
    }

    /// One of each shape, for tests and for whoever looks at them.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A button: what it says, and the page of this installation it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub label: &'static str,
    /// Begins with `/`.
    pub path: String,
}

impl Action {
    #[must_use]
    pub fn new(label: &'static str, path: impl Into<String>) -> Self {
        Self { label, path: path.into() }
    }
}

/// Which secret a mail's action carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedSecret {
    /// What it may be used for.
    pub purpose: &'static str,
    /// What it is about; using it uses every secret of that subject.
    pub subject: Uuid,
    /// The page it leads to; the secret comes right after it.
    pub path: &'static str,
    pub ends: Ends,
}

/// How long a secret can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    At(Timestamp),
    /// So many seconds after it was minted.
    After(i64),
}

impl Ends {
    #[must_use]
    pub const fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::After(seconds) => now.plus_seconds(seconds),
        }
    }
}

/// Somebody, kept as an id: whoever makes the message into words fills in the name that they have then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub account: Option<AccountId>,
    pub through: Through,
    #[serde(default, skip_serializing)]
    pub name: String,
}

impl Person {
    /// As themselves.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        Self { account: Some(account), through: Through::Own, name: String::new() }
    }

    /// For samples.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::new(AccountId(Uuid::nil())) }
    }
}

impl From<Actor> for Person {
    fn from(actor: Actor) -> Self {
        Self { account: actor.account_id, through: actor.through, name: String::new() }
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() { "somebody" } else { self.name.as_str() };
        match (self.through, self.account) {
            (Through::System, _) => f.write_str("Orglink"),
            (Through::Operator, None) => f.write_str("An operator of this installation"),
            (Through::Operator, Some(_)) => write!(f, "An operator on behalf of {name}"),
            (Through::Own, _) if self.name.is_empty() => f.write_str("Somebody"),
            (Through::Own, _) => f.write_str(name),
        }
    }
}

/// A workspace, an organization or a site by the names it had when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub slug: String,
    pub name: String,
}

impl Named {
    #[must_use]
    pub fn new(slug: impl Into<String>, name: impl Into<String>) -> Self {
        Self { slug: slug.into(), name: name.into() }
    }
}

impl fmt::Display for Named {
    /// `Atlas Platform (atlas-platform)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name == self.slug || self.name.is_empty() {
            return f.write_str(&self.slug);
        }
        write!(f, "{} ({})", self.name, self.slug)
    }
}
