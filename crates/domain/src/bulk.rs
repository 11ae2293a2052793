//! Linking many workspaces to one organization at once: how a list of them is read, how each stands, what came of each.
//!
//! There is no thing called a bulk. It is a list of plans, one a workspace, each with its own digest and linked by itself:
//! what has come of it is always read from what is linked now, so that it can be sent again after anything.

use std::collections::HashSet;

use crate::digest::Digest;
use crate::name::fold;
use crate::words;

/// The most workspaces that one request plans or links.
pub const MOST_ROWS: usize = 500;

words! {
    /// How a workspace of the list stands to the organization.
    "state" RowState {
        /// It would be linked.
        Ready = "ready",
        /// To this very organization: nothing is left to do.
        AlreadyLinked = "already_linked",
        /// To another one: nothing here moves it.
        LinkedElsewhere = "linked_elsewhere",
        NotEligible = "not_eligible",
        /// The one who asks lacks a role.
        NotAllowed = "not_allowed",
        /// Or the one who asks may not see it.
        NotFound = "not_found",
    }
}

impl RowState {
    /// The same in words, for a person.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ready => "Can be linked",
            Self::AlreadyLinked => "Linked here already",
            Self::LinkedElsewhere => "Linked elsewhere",
            Self::NotEligible => "Cannot be linked now",
            Self::NotAllowed => "Not yours to link",
            Self::NotFound => "Not found",
        }
    }
}

words! {
    /// What came of a workspace of the list.
    "result" RowResult {
        Linked = "linked",
        /// To this very organization, before: nothing was left to do.
        AlreadyLinked = "already_linked",
        Refused = "refused",
        /// Something broke before its turn.
        NotTried = "not_tried",
    }
}

impl RowResult {
    /// The same in words, for a person.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Linked => "Linked",
            Self::AlreadyLinked => "Was linked here already",
            Self::Refused => "Not linked",
            Self::NotTried => "Not tried",
        }
    }
}

/// The items of a list in their order, of those with the same name the first, without those that have none.
pub fn distinct<T>(items: &[T], name: impl Fn(&T) -> &str) -> Vec<&T> {
    let mut seen = HashSet::new();
    let mut is_new = |name: &str| !name.is_empty() && seen.insert(fold(name));
    items.iter().filter(|item| is_new(name(item).trim())).collect()
}

/// One digest for several plans: the SHA-256 of the canonical JSON (RFC 8785) of the list of their digests, in their order.
#[must_use]
pub fn digest_of(plans: impl IntoIterator<Item = Digest>) -> Digest {
    let quoted: Vec<String> = plans.into_iter().map(|digest| format!("\"{digest}\"")).collect();
    Digest::of(&[b"[", quoted.join(",").as_bytes(), b"]"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::canonical_json;

    #[test]
    fn a_list_names_each_once_in_its_order() {
        let names = ["b", " A ", "", "B", "a", "c\n"];
        assert_eq!(distinct(&names, |name| name), [&"b", &" A ", &"c\n"]);
    }

    #[test]
    fn the_digest_of_many_is_over_their_canonical_list() {
        let plans = [Digest::of(&[b"one"]), Digest::of(&[b"two"])];
        for some in [&plans[..0], &plans[..1], &plans[..]] {
            let list = serde_json::json!(some.iter().map(ToString::to_string).collect::<Vec<_>>());
            let bytes = canonical_json(&list).expect("canonical");
            assert_eq!(digest_of(some.iter().copied()), Digest::of(&[&bytes]));
        }
        assert_ne!(digest_of(plans), digest_of([plans[1], plans[0]]), "the order counts");
    }
}
