//! Extensions: programs of others that read a workspace for its admins, within scopes that those consented to.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::words;

words! {
    /// One thing that an extension may do in the workspace where it is installed: reading, and nothing else.
    "scope of an extension" ExtensionScope {
        WorkspaceRead = "workspace:read",
        PeopleRead = "people:read",
        RepositoriesRead = "repositories:read",
        EventsRead = "events:read",
    }
}

impl ExtensionScope {
    /// What it allows, in words.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::WorkspaceRead => "See the workspace: its name, its plan, and what it may use.",
            Self::PeopleRead => "See its members with their addresses, and its user groups.",
            Self::RepositoriesRead => "See which repositories it has, and who can do what on each.",
            Self::EventsRead => "Read its activity: what happened, and who did it.",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::WorkspaceRead => 1,
            Self::PeopleRead => 2,
            Self::RepositoriesRead => 4,
            Self::EventsRead => 8,
        }
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ExtensionScopes(u8);

impl ExtensionScopes {
    pub const NONE: Self = Self(0);

    #[must_use]
    pub const fn contains(self, scope: ExtensionScope) -> bool {
        self.0 & scope.bit() != 0
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in both.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in one of them.
    #[must_use]
    pub const fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Each, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = ExtensionScope> {
        ExtensionScope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<ExtensionScope> for ExtensionScopes {
    fn from_iter<I: IntoIterator<Item = ExtensionScope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

/// An extension as the catalog offers it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    pub title: String,
    pub publisher: String,
    /// What it does for whoever installs it.
    pub description: String,
    /// Counted up by whoever publishes it. Never down.
    pub version: u32,
    /// What it asks for, and what it needs each for, in a sentence.
    pub scopes: BTreeMap<ExtensionScope, String>,
}

impl Extension {
    /// What it asks for.
    #[must_use]
    pub fn asks(&self) -> ExtensionScopes {
        self.scopes.keys().copied().collect()
    }
}

/// Consent that does not fit what an extension asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentFault {
    /// It asks for these too, and nobody has consented to them.
    Missing(ExtensionScopes),
    /// Somebody consented to these, and it does not ask for them.
    NotAsked(ExtensionScopes),
}

/// What an extension may do once somebody has consented: all that it asks for and nothing else, or nothing at all. What
/// was consented to before need not be again.
///
/// # Errors
/// When consent to something is missing, or given to what it does not ask for.
pub const fn consented(
    asks: ExtensionScopes,
    before: ExtensionScopes,
    consent: ExtensionScopes,
) -> Result<ExtensionScopes, ConsentFault> {
    let not_asked = consent.without(asks);
    if !not_asked.is_empty() {
        return Err(ConsentFault::NotAsked(not_asked));
    }
    let missing = asks.without(before.either(consent));
    if !missing.is_empty() {
        return Err(ConsentFault::Missing(missing));
    }
    Ok(asks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ExtensionScope::{EventsRead, PeopleRead, WorkspaceRead};

    fn set(scopes: &[ExtensionScope]) -> ExtensionScopes {
        scopes.iter().copied().collect()
    }

    #[test]
    fn every_scope_is_one_of_its_own() {
        for one in ExtensionScope::ALL {
            for other in ExtensionScope::ALL {
                assert_eq!(set(&[*one]).contains(*other), one == other);
            }
        }
        let all: ExtensionScopes = ExtensionScope::ALL.iter().copied().collect();
        assert_eq!(all.iter().collect::<Vec<_>>(), ExtensionScope::ALL);
        assert!(ExtensionScopes::NONE.is_empty() && ExtensionScopes::NONE.iter().next().is_none());
    }

    #[test]
    fn only_what_is_asked_and_consented_to_is_given() {
        let (one, two) = (set(&[WorkspaceRead]), set(&[WorkspaceRead, PeopleRead]));
        assert_eq!(consented(two, ExtensionScopes::NONE, two), Ok(two));
        assert_eq!(consented(two, ExtensionScopes::NONE, one), Err(ConsentFault::Missing(set(&[PeopleRead]))));
        assert_eq!(consented(one, ExtensionScopes::NONE, two), Err(ConsentFault::NotAsked(set(&[PeopleRead]))));
        // An update that asks for more needs consent to that, and to that alone.
        assert_eq!(consented(two, one, ExtensionScopes::NONE), Err(ConsentFault::Missing(set(&[PeopleRead]))));
        assert_eq!(consented(two, one, set(&[PeopleRead])), Ok(two));
        assert_eq!(consented(two, one, two), Ok(two));
        // One that asks for less gives back what it had.
        assert_eq!(consented(one, set(&[WorkspaceRead, EventsRead]), ExtensionScopes::NONE), Ok(one));
    }
}
