//! Whom an organization claims: announced, waited for, objected to, managed.
//!
//! *Managed* says one thing: the organization vouches that the account is one of its own, at an address of its domain. It gives
//! the organization no access to workspaces, content, password or sessions. The account shows by whom it is managed; the
//! organization sees it in a list, and can release it.

use crate::account::Account;
use crate::clock::Timestamp;
use crate::id::{AccountId, DomainClaimId, OrganizationId};
use crate::words;

words! {
    /// Where the claim of an account stands.
    "state of an account claim" ClaimState {
        /// The person was told; it takes effect at a date.
        Announced = "announced",
        /// The person said no: it never takes effect by itself.
        Objected = "objected",
        /// The organization manages the account.
        Managed = "managed",
    }
}

impl ClaimState {
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Announced => "Announced",
            Self::Objected => "Objected",
            Self::Managed => "Managed",
        }
    }

    /// How good that is: a word for its colour, or none.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Announced => "new",
            Self::Objected => "warn",
            Self::Managed => "good",
        }
    }
}

/// The claim of an account; there is one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountClaim {
    pub account_id: AccountId,
    /// The domain that it rests on.
    pub domain_claim_id: DomainClaimId,
    pub organization_id: OrganizationId,
    pub domain: String,
    pub state: ClaimState,
    pub announced_at: Timestamp,
    pub takes_effect_at: Timestamp,
    pub objected_at: Option<Timestamp>,
    /// Why the person said no.
    pub reason: Option<String>,
    pub managed_at: Option<Timestamp>,
}

words! {
    /// What a claim would mean for an account at the domain.
    "fit of an account" Fit {
        Claimable = "claimable",
        /// This organization has announced it.
        Announced = "announced",
        /// This organization has announced it, and the person said no.
        Objected = "objected",
        /// This organization manages it.
        Managed = "managed",
        /// Another organization does; which is not said.
        ManagedElsewhere = "managed_elsewhere",
        /// Runs the installation: no organization's to manage.
        Operator = "operator",
        /// A machine reads no notice and cannot object.
        Robot = "robot",
        /// Cannot sign in, so cannot object.
        Suspended = "suspended",
    }
}

impl Fit {
    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Claimable => "Can be claimed",
            Self::Announced => "Announced already",
            Self::Objected => "Objected",
            Self::Managed => "Managed already",
            Self::ManagedElsewhere => "Managed by another organization",
            Self::Operator => "Operator of this installation",
            Self::Robot => "Machine account",
            Self::Suspended => "Suspended",
        }
    }

    /// Why it is so, when it cannot be claimed.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Claimable => "",
            Self::Announced => "The person was told and can object.",
            Self::Objected => "The person said no. Withdraw the claim; nobody can set the objection aside.",
            Self::Managed => "There is nothing to claim.",
            Self::ManagedElsewhere => "Only that organization can release it.",
            Self::Operator => "Whoever runs the installation is no organization's to manage.",
            Self::Robot => "A machine reads no notice and cannot object.",
            Self::Suspended => "Nobody can sign in with it, so nobody could object.",
        }
    }
}

/// What a claim by an organization would mean for an account with a verified address at its domain.
#[must_use]
pub fn fit_of(account: &Account, claim: Option<(OrganizationId, ClaimState)>, by: OrganizationId) -> Fit {
    match claim {
        Some((organization, state)) if organization == by => match state {
            ClaimState::Announced => Fit::Announced,
            ClaimState::Objected => Fit::Objected,
            ClaimState::Managed => Fit::Managed,
        },
        Some(_) => Fit::ManagedElsewhere,
        None => free(account),
    }
}

/// The same when nobody has claimed it, or as if.
#[must_use]
pub const fn free(account: &Account) -> Fit {
    match account {
        Account { is_robot: true, .. } => Fit::Robot,
        Account { is_operator: true, .. } => Fit::Operator,
        Account { is_suspended: true, .. } => Fit::Suspended,
        _ => Fit::Claimable,
    }
}

/// Whether an address is at a domain, which is folded.
#[must_use]
pub fn is_at(email: &str, domain: &str) -> bool {
    email.rsplit_once('@').is_some_and(|(_, of)| crate::name::fold(of) == domain)
}

words! {
    /// Why a claim ended.
    "end of an account claim" ClaimEnd {
        /// An admin of the organization, or an operator, took it back.
        Withdrawn = "withdrawn",
        /// The record at the domain was gone for too long.
        Lapsed = "lapsed",
        /// The organization removed the domain.
        DomainRemoved = "domain_removed",
        /// The organization was deleted.
        OrganizationDeleted = "organization_deleted",
        /// The account has an address elsewhere now.
        AddressChanged = "address_changed",
        /// The account could not be claimed any more at the date.
        NotClaimable = "not_claimable",
        /// The person left.
        Left = "left",
    }
}

impl ClaimEnd {
    /// As a part of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Withdrawn => "it was taken back",
            Self::Lapsed => "the record at the domain was gone for too long",
            Self::DomainRemoved => "the organization removed the domain",
            Self::OrganizationDeleted => "the organization was deleted",
            Self::AddressChanged => "the address of the account is at another domain now",
            Self::NotClaimable => "the account could not be claimed any more at that date",
            Self::Left => "the person left",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            id: AccountId(uuid::Uuid::nil()),
            email: "ada@company.example".to_owned(),
            name: "Ada".to_owned(),
            is_verified: true,
            is_robot: false,
            is_operator: false,
            is_suspended: false,
        }
    }

    #[test]
    fn only_people_who_can_object_are_claimable_and_whoever_holds_one_is_not_named() {
        let (ours, theirs) = (OrganizationId(uuid::Uuid::nil()), OrganizationId(uuid::Uuid::max()));
        assert_eq!(fit_of(&account(), None, ours), Fit::Claimable);
        assert_eq!(fit_of(&Account { is_robot: true, ..account() }, None, ours), Fit::Robot);
        assert_eq!(fit_of(&Account { is_operator: true, ..account() }, None, ours), Fit::Operator);
        assert_eq!(fit_of(&Account { is_suspended: true, ..account() }, None, ours), Fit::Suspended);
        for state in ClaimState::ALL {
            assert_eq!(fit_of(&account(), Some((ours, *state)), ours).as_str(), state.as_str());
            assert_eq!(fit_of(&account(), Some((theirs, *state)), ours), Fit::ManagedElsewhere);
        }
    }

    #[test]
    fn an_address_is_at_its_whole_domain_only() {
        assert!(is_at("Ada@Company.Example", "company.example"));
        for other in ["ada@notcompany.example", "ada@mail.company.example", "company.example", ""] {
            assert!(!is_at(other, "company.example"), "{other}");
        }
    }
}
