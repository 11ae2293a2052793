//! Accounts: the people (and robots) who sign in.

use crate::id::AccountId;

/// A person who signs in, with the address that names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    /// The address is proven to be theirs.
    pub is_verified: bool,
    /// A machine account; never counts as an administrator who could act.
    pub is_robot: bool,
    /// Runs this installation.
    pub is_operator: bool,
    /// An operator has stopped it: nobody signs in with it, and it does nothing.
    pub is_suspended: bool,
}

impl Account {
    /// Whether this account can act for what it administers: verified, not suspended, and a person.
    #[must_use]
    pub const fn is_active_person(&self) -> bool {
        self.is_verified && !self.is_robot && !self.is_suspended
    }
}
