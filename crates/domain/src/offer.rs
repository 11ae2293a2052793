//! Offers of the operator's: shown to somebody once, as a page of its own that can always be skipped, and never in the way of
//! what they came to do.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::clock::Timestamp;
use crate::words;

words! {
    /// Who is offered something.
    "audience of an offer" Audience {
        /// Admins of the organization whose page they open.
        OrganizationAdmins = "organization_admins",
        /// Whoever holds a role there.
        RoleHolders = "role_holders",
    }
}

words! {
    /// What somebody answered.
    "answer to an offer" OfferAnswer {
        Skipped = "skipped",
        Taken = "taken",
    }
}

/// An offer, as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub title: String,
    pub text: String,
    /// What the button says that takes it.
    pub button: String,
    /// Where that leads: an address of the operator's.
    pub url: String,
    pub audience: Audience,
    /// Only where no linked workspace of the organization may use this feature.
    pub without_feature: Option<String>,
    /// The first and the last day (in UTC); always when absent.
    pub from: Option<String>,
    pub until: Option<String>,
}

impl Offer {
    /// Whether it is made at a moment.
    #[must_use]
    pub fn is_made_at(&self, now: Timestamp) -> bool {
        // Days in this form are in the order of their letters.
        let now = now.to_string();
        let today = now.get(..10).unwrap_or_default();
        self.from.as_deref().is_none_or(|from| from <= today)
            && self.until.as_deref().is_none_or(|until| today <= until)
    }
}

/// What somebody is about to look at, as far as offers are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Somebody opens the page themselves: no script looks at it again, nothing is fetched beforehand.
    pub is_opened: bool,
    /// It is asked something, or comes after a form.
    pub is_asked: bool,
    /// Something on it waits for that person, or must be known first.
    pub has_task: bool,
}

/// Two offers are never shown within so many seconds.
const REST_SECONDS: i64 = 24 * 60 * 60;

/// Which offer may be shown now, if any; `is_for` says whether it is meant for them. Each only once: `shown` is what they were
/// shown, and when.
pub fn choose<'a>(
    offers: &'a BTreeMap<String, Offer>,
    visit: Visit,
    shown: &[(String, Timestamp)],
    now: Timestamp,
) -> Vec<(&'a str, &'a Offer)> {
    let is_resting = shown.iter().any(|(_, at)| now.seconds_since(*at) < REST_SECONDS);
    if !visit.is_opened || visit.is_asked || visit.has_task || is_resting {
        return Vec::new();
    }
    let was_shown = |name: &str| shown.iter().any(|(shown, _)| shown == name);
    let fits = |(name, offer): &(&'a str, &'a Offer)| offer.is_made_at(now) && !was_shown(name);
    offers.iter().map(|(name, offer)| (name.as_str(), offer)).filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn offers() -> BTreeMap<String, Offer> {
        let offer = |from: Option<&str>, until: Option<&str>| Offer {
            title: "A trial".to_owned(),
            text: "Try it.".to_owned(),
            button: "Try it".to_owned(),
            url: "https://company.example/trial".to_owned(),
            audience: Audience::OrganizationAdmins,
            without_feature: None,
            from: from.map(str::to_owned),
            until: until.map(str::to_owned),
        };
        BTreeMap::from([
            ("always".to_owned(), offer(None, None)),
            ("january".to_owned(), offer(Some("2026-01-02"), Some("2026-01-31"))),
        ])
    }

    const OPENED: Visit = Visit { is_opened: true, is_asked: false, has_task: false };

    fn names(visit: Visit, shown: &[(String, Timestamp)], now: &str) -> Vec<String> {
        choose(&offers(), visit, shown, at(now)).into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn it_is_made_on_its_days_and_once() {
        assert_eq!(names(OPENED, &[], "2026-01-01T23:59:59Z"), ["always"]);
        assert_eq!(names(OPENED, &[], "2026-01-02T00:00:00Z"), ["always", "january"]);
        assert_eq!(names(OPENED, &[], "2026-01-31T23:59:59Z"), ["always", "january"]);
        assert_eq!(names(OPENED, &[], "2026-02-01T00:00:00Z"), ["always"]);
        let shown = [("always".to_owned(), at("2026-01-10T09:00:00Z"))];
        assert!(names(OPENED, &shown, "2026-01-11T08:59:59Z").is_empty(), "not two within a day");
        assert_eq!(names(OPENED, &shown, "2026-01-11T09:00:00Z"), ["january"]);
        assert!(names(OPENED, &shown, "2026-06-01T09:00:00Z").is_empty(), "never again");
    }

    #[test]
    fn it_is_never_in_the_way() {
        for visit in [
            Visit { is_opened: false, ..OPENED },
            Visit { is_asked: true, ..OPENED },
            Visit { has_task: true, ..OPENED },
        ] {
            assert!(names(visit, &[], "2026-01-10T09:00:00Z").is_empty(), "{visit:?}");
        }
    }
}
