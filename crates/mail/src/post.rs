//! Where mails are handed over.

use std::pin::Pin;

use crate::Composed;

/// What became of handing over one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It was accepted; what the server said.
    Accepted(String),
    /// Not now; why. It is tried again.
    Later(String),
    /// Never; why.
    Never(String),
}

/// A future of a trait that is used as an object.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A mail server, or what stands in its place in tests.
pub trait Post: Send + Sync {
    /// Whether anything can be handed over at all: a server that cannot be reached, or that does not know us, says
    /// nothing about a mail.
    fn check(&self) -> Pending<'_, Result<(), String>>;

    /// Hands over one mail.
    fn hand_over<'a>(&'a self, mail: &'a Composed) -> Pending<'a, Answered>;
}
