//! Domain claims: how an organization shows that a domain is its own, and what becomes of that when the record is gone.
//!
//! A domain is shown by a TXT record whose text is bound to the organization. Showing it claims nobody: whom the organization
//! manages is decided apart from that, in [`account`].

pub mod account;

use crate::clock::Timestamp;
use crate::id::{DomainClaimId, OrganizationId};
use crate::words;

words! {
    /// Where a domain stands.
    "state of a domain" DomainState {
        /// The record has not been seen yet.
        Pending = "pending",
        /// The record stands there; or it is gone for less than the grace.
        Verified = "verified",
        /// The record was gone for too long: nothing new can be claimed.
        Lapsed = "lapsed",
    }
}

impl DomainState {
    /// A few words for a lozenge or a table.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pending => "Waits for the record",
            Self::Verified => "Verified",
            Self::Lapsed => "Lapsed",
        }
    }

    /// How good that is: a word for its colour, or none.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Pending => "new",
            Self::Verified => "good",
            Self::Lapsed => "bad",
        }
    }
}

words! {
    /// What the name servers said last.
    "outcome of a look" Seen {
        Found = "found",
        /// They answered, and the record is not there.
        Missing = "missing",
        /// They did not answer, or could not: that says nothing about the record.
        Unreachable = "unreachable",
        /// The record is there, and another organization holds the domain.
        Taken = "taken",
    }
}

impl Seen {
    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Found => "the record was there",
            Self::Missing => "the record was not there",
            Self::Unreachable => "the name servers did not answer, which says nothing about the record",
            Self::Taken => "the record was there, but another organization holds the domain",
        }
    }
}

/// What changed by a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DomainChange {
    /// It is the organization's from now on.
    Verified,
    /// The record is gone; the grace has begun.
    RecordMissing,
    /// The record is back within the grace.
    RecordBack,
    /// The record was gone for the whole grace.
    Lapsed,
}

/// How often it is looked, and for how long a record may be gone.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub recheck_seconds: i64,
    pub grace_seconds: i64,
}

/// A domain of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainClaim {
    pub id: DomainClaimId,
    pub organization_id: OrganizationId,
    /// Folded, in ASCII.
    pub domain: String,
    /// What the record must say, made for this organization and this domain.
    pub token: String,
    pub state: DomainState,
    pub added_at: Timestamp,
    pub verified_at: Option<Timestamp>,
    /// When the name servers were asked last, and what they said.
    pub checked_at: Option<Timestamp>,
    pub seen: Option<Seen>,
    /// Since when the record of a verified domain is gone.
    pub missing_since: Option<Timestamp>,
    /// When they are asked next.
    pub due_at: Timestamp,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

impl DomainClaim {
    /// One that was just added.
    #[must_use]
    pub fn new(
        id: DomainClaimId,
        organization_id: OrganizationId,
        (domain, token): (String, String),
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            organization_id,
            domain,
            token,
            state: DomainState::Pending,
            added_at: now,
            verified_at: None,
            checked_at: None,
            seen: None,
            missing_since: None,
            due_at: now.plus_seconds(5 * MINUTE),
        }
    }

    /// Where the record is to be.
    #[must_use]
    pub fn record_name(&self) -> String {
        format!("_orglink-domain.{}", self.domain)
    }

    /// What it must say.
    #[must_use]
    pub fn record_text(&self) -> String {
        format!("orglink-domain={}", self.token)
    }

    /// Whether one of the texts there is the record.
    #[must_use]
    pub fn is_shown_by(&self, texts: &[String]) -> bool {
        let wanted = self.record_text();
        texts.iter().any(|text| text.trim() == wanted)
    }

    /// Accounts can be claimed, and claims take effect: the record stands there.
    #[must_use]
    pub fn can_claim(&self) -> bool {
        self.state == DomainState::Verified && self.missing_since.is_none()
    }

    /// When it lapses if the record does not come back.
    #[must_use]
    pub fn lapses_at(&self, terms: Terms) -> Option<Timestamp> {
        self.missing_since.map(|since| since.plus_seconds(terms.grace_seconds))
    }

    /// After a look at the name servers: where it stands, when to look again, and what changed.
    #[must_use]
    pub fn look(self, seen: Seen, now: Timestamp, terms: Terms) -> (Self, Option<DomainChange>) {
        let looked = Self { checked_at: Some(now), seen: Some(seen), ..self };
        let (mut after, change) = looked.settle(seen, now, terms);
        after.due_at = now.plus_seconds(after.wait(now, terms));
        (after, change)
    }

    fn settle(self, seen: Seen, now: Timestamp, terms: Terms) -> (Self, Option<DomainChange>) {
        match (self.state, seen) {
            (DomainState::Verified, Seen::Found) => {
                let was_missing = self.missing_since.is_some();
                (Self { missing_since: None, ..self }, was_missing.then_some(DomainChange::RecordBack))
            }
            (DomainState::Pending | DomainState::Lapsed, Seen::Found) => {
                let (state, verified_at) = (DomainState::Verified, Some(now));
                (Self { state, verified_at, missing_since: None, ..self }, Some(DomainChange::Verified))
            }
            (DomainState::Verified, Seen::Missing) => match self.lapses_at(terms) {
                None => (Self { missing_since: Some(now), ..self }, Some(DomainChange::RecordMissing)),
                Some(lapses_at) if now >= lapses_at => {
                    (Self { state: DomainState::Lapsed, missing_since: None, ..self }, Some(DomainChange::Lapsed))
                }
                Some(_) => (self, None),
            },
            _ => (self, None),
        }
    }

    /// How long until the next look: often in the beginning and while something is wrong, then ever more rarely.
    fn wait(&self, now: Timestamp, terms: Terms) -> i64 {
        let longest = terms.recheck_seconds;
        match (self.seen, self.state, self.lapses_at(terms)) {
            (Some(Seen::Unreachable), ..) => longest.min(15 * MINUTE),
            (_, DomainState::Verified, Some(lapses_at)) => {
                longest.min(HOUR).min(lapses_at.seconds_since(now).max(MINUTE))
            }
            (_, DomainState::Verified, None) => longest,
            _ => longest.min((now.seconds_since(self.added_at) / 8).max(5 * MINUTE)),
        }
    }
}

/// Why a domain cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomain {
    #[error("write the domain alone, such as company.example: letters, digits and hyphens, in parts joined by dots")]
    Form,
    #[error("write it in its ASCII form (beginning xn--), as name servers know it")]
    NotAscii,
    #[error("a name with one part only, such as com, belongs to nobody")]
    OnePart,
    #[error("a network address is not a domain")]
    Address,
}

/// A domain as it is kept.
///
/// # Errors
/// When no address could be at it.
pub fn check_domain(given: &str) -> Result<String, InvalidDomain> {
    let domain = given.trim().trim_end_matches('.').to_ascii_lowercase();
    if !domain.is_ascii() {
        return Err(InvalidDomain::NotAscii);
    }
    // With the name of the record before it, it must still be one: at most 253.
    if domain.is_empty() || domain.len() > 230 {
        return Err(InvalidDomain::Form);
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    if !labels.iter().all(|label| is_label(label)) {
        return Err(InvalidDomain::Form);
    }
    match labels.last() {
        _ if labels.len() < 2 => Err(InvalidDomain::OnePart),
        Some(last) if last.bytes().all(|b| b.is_ascii_digit()) => Err(InvalidDomain::Address),
        _ => Ok(domain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * HOUR;
    const TERMS: Terms = Terms { recheck_seconds: DAY, grace_seconds: 7 * DAY };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_767_603_600_000_000).plus_seconds(seconds)
    }

    fn pending() -> DomainClaim {
        let (id, of) = (DomainClaimId(uuid::Uuid::nil()), OrganizationId(uuid::Uuid::nil()));
        DomainClaim::new(id, of, ("company.example".to_owned(), "t0ken".to_owned()), at(0))
    }

    #[test]
    fn what_cannot_be_a_domain_is_refused() {
        for good in ["company.example", " Company.Example. ", "a-b.co.uk", "xn--bcher-kva.example", "1.example"] {
            assert!(check_domain(good).is_ok(), "{good}");
        }
        assert_eq!(check_domain(" Company.Example. ").as_deref(), Ok("company.example"));
        let bad = [
            ("", InvalidDomain::Form),
            ("com", InvalidDomain::OnePart),
            ("a..b", InvalidDomain::Form),
            ("-a.example", InvalidDomain::Form),
            ("a_b.example", InvalidDomain::Form),
            ("https://a.example", InvalidDomain::Form),
            ("ada@a.example", InvalidDomain::Form),
            ("*.a.example", InvalidDomain::Form),
            ("bücher.example", InvalidDomain::NotAscii),
            ("10.0.0.1", InvalidDomain::Address),
        ];
        for (given, why) in bad {
            assert_eq!(check_domain(given), Err(why), "{given}");
        }
        assert!(check_domain(&format!("{}.example", "a".repeat(64))).is_err());
        assert!(check_domain(&format!("{}example", "a.".repeat(120))).is_err());
    }

    #[test]
    fn a_record_that_is_gone_lapses_after_the_grace_and_silence_says_nothing() {
        let (verified, change) = pending().look(Seen::Found, at(60), TERMS);
        assert_eq!((verified.state, change), (DomainState::Verified, Some(DomainChange::Verified)));
        assert_eq!(verified.due_at, at(60 + DAY));
        let (same, change) = verified.clone().look(Seen::Unreachable, at(DAY), TERMS);
        assert_eq!((same.state, same.missing_since, change), (DomainState::Verified, None, None));
        let (missing, change) = same.look(Seen::Missing, at(2 * DAY), TERMS);
        assert_eq!(change, Some(DomainChange::RecordMissing));
        assert!(!missing.can_claim() && missing.state == DomainState::Verified);
        // However late, nothing lapses by silence.
        let (same, change) = missing.clone().look(Seen::Unreachable, at(30 * DAY), TERMS);
        assert_eq!((same.state, change), (DomainState::Verified, None));
        let (same, change) = missing.clone().look(Seen::Missing, at(9 * DAY - 1), TERMS);
        assert_eq!((same.state, change), (DomainState::Verified, None));
        let (back, change) = missing.clone().look(Seen::Found, at(8 * DAY), TERMS);
        assert_eq!((back.can_claim(), change), (true, Some(DomainChange::RecordBack)));
        let (lapsed, change) = missing.look(Seen::Missing, at(9 * DAY), TERMS);
        assert_eq!((lapsed.state, change), (DomainState::Lapsed, Some(DomainChange::Lapsed)));
        let (again, change) = lapsed.look(Seen::Found, at(20 * DAY), TERMS);
        assert_eq!((again.can_claim(), change), (true, Some(DomainChange::Verified)));
    }

    #[test]
    fn a_record_that_is_waited_for_is_looked_for_ever_more_rarely() {
        let waits = |age| pending().look(Seen::Missing, at(age), TERMS).0.due_at.seconds_since(at(age));
        assert_eq!([0, 8 * HOUR, 30 * DAY].map(waits), [5 * MINUTE, HOUR, DAY]);
        assert_eq!(pending().look(Seen::Taken, at(0), TERMS).0.state, DomainState::Pending);
    }

    #[test]
    fn the_record_is_one_of_the_texts_and_of_this_organization() {
        let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert!(pending().is_shown_by(&texts(&["v=spf1 -all", " orglink-domain=t0ken "])));
        assert!(!pending().is_shown_by(&texts(&["orglink-domain=other", "t0ken", "orglink-domain=t0ken2"])));
        assert!(!pending().is_shown_by(&[]));
    }
}
