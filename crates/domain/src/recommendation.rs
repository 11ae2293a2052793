//! Which organization a workspace belongs to, by evidence: each piece with its words and its weight.
//!
//! What ties an organization to *this* workspace weighs most: connections of its products that name the workspace, and the
//! workspace's other members. That an organization is the company's hub counts only beside that. Nothing is recommended
//! on a tie. The one who asks is left out of all counts: they administer every organization that is compared.

use crate::words;

words! {
    /// What speaks for an organization.
    "evidence" EvidenceKind {
        /// A product of its sites is connected to the workspace.
        Integrations = "integrations",
        /// Other members have verified addresses at its domains.
        Domains = "domains",
        /// Other members are known there: by a role, or in a workspace linked to it.
        People = "people",
        /// Its sites carry the products that make a hub (the catalog says which).
        Hub = "hub",
        IdentityProvider = "identity_provider",
    }
}

impl EvidenceKind {
    /// The most it can weigh; a hundred together.
    #[must_use]
    pub const fn most(self) -> i64 {
        match self {
            Self::Integrations => 35,
            Self::Domains => 30,
            Self::People => 20,
            Self::Hub => 10,
            Self::IdentityProvider => 5,
        }
    }
}

/// By how much another organization must lead before the chosen one looks like the wrong one.
pub const CLEAR_LEAD: i64 = 20;

/// What is known of an organization and a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceFacts {
    /// Connections of its products that name the workspace.
    pub integrations: i64,
    /// The workspace's members but for the one who asks and robots.
    pub others: i64,
    /// Of them, with a verified address at a domain of its own.
    pub at_domains: i64,
    /// Of them, with a role there or in another workspace that is linked to it.
    pub known: i64,
    /// The hub's products, in words, when its sites carry all of them.
    pub hub: Option<String>,
    pub identity_provider: Option<String>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub kind: EvidenceKind,
    pub points: i64,
    pub words: String,
}

/// What speaks for an organization, heaviest kind first; nothing when nothing ties it to the workspace.
#[must_use]
pub fn evidence(facts: &EvidenceFacts) -> Vec<Evidence> {
    use EvidenceKind::{Domains, Hub, IdentityProvider, Integrations, People};
    let others = facts.others;
    let share = |kind: EvidenceKind, n: i64, words: String| {
        (n > 0 && others > 0).then(|| (kind, kind.most() * n.min(others) / others, words))
    };
    let ties = [
        (facts.integrations > 0).then(|| {
            let n = facts.integrations;
            let words = if n == 1 {
                "a product on its sites is connected to this workspace".to_owned()
            } else {
                format!("{n} connections of products on its sites name this workspace")
            };
            (Integrations, Integrations.most(), words)
        }),
        share(
            Domains,
            facts.at_domains,
            format!("{} of {others} other members have a verified address at its domains", facts.at_domains),
        ),
        share(
            People,
            facts.known,
            format!("{} of {others} other members have a role there, or are in a workspace linked to it", facts.known),
        ),
    ];
    let hub = facts.hub.as_ref().map(|products| (Hub, Hub.most(), format!("its sites carry {products}")));
    let provider = facts
        .identity_provider
        .as_ref()
        .map(|name| (IdentityProvider, IdentityProvider.most(), format!("an identity provider is connected ({name})")));
    let piece = |(kind, points, words)| Evidence { kind, points, words };
    let mut found: Vec<Evidence> = ties.into_iter().flatten().map(piece).collect();
    if !found.is_empty() {
        found.extend([hub, provider].into_iter().flatten().map(piece));
    }
    found
}

/// What all evidence weighs.
#[must_use]
pub fn score(evidence: &[Evidence]) -> i64 {
    evidence.iter().map(|e| e.points).sum()
}

/// Which of several scores stands alone at the top, if any weighs anything.
#[must_use]
pub fn best(scores: &[i64]) -> Option<usize> {
    let (at, top) = scores.iter().enumerate().max_by_key(|(_, score)| **score)?;
    let is_alone = scores.iter().filter(|score| *score == top).count() == 1;
    (*top > 0 && is_alone).then_some(at)
}

/// Whether the chosen one looks wrong beside the best.
#[must_use]
pub const fn looks_wrong(chosen: i64, best: i64) -> bool {
    best - chosen >= CLEAR_LEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> EvidenceFacts {
        EvidenceFacts {
            integrations: 1,
            others: 4,
            at_domains: 4,
            known: 2,
            hub: Some("Jira and Confluence".into()),
            identity_provider: Some("oidc".into()),
        }
    }

    #[test]
    fn each_piece_has_its_weight_and_its_words() {
        let all = evidence(&facts());
        let points: Vec<_> = all.iter().map(|e| (e.kind.as_str(), e.points)).collect();
        assert_eq!(
            points,
            [("integrations", 35), ("domains", 30), ("people", 10), ("hub", 10), ("identity_provider", 5)]
        );
        assert_eq!(all[1].words, "4 of 4 other members have a verified address at its domains");
        assert_eq!(EvidenceKind::ALL.iter().map(|k| k.most()).sum::<i64>(), 100);
    }

    #[test]
    fn a_hub_that_has_nothing_to_do_with_the_workspace_is_no_evidence() {
        let alien = EvidenceFacts { integrations: 0, at_domains: 0, known: 0, ..facts() };
        assert_eq!(evidence(&alien), vec![]);
        assert_eq!(score(&evidence(&EvidenceFacts::default())), 0);
    }

    #[test]
    fn a_tie_recommends_nothing() {
        assert_eq!(best(&[]), None);
        assert_eq!(best(&[0]), None);
        assert_eq!(best(&[10, 10, 3]), None);
        assert_eq!(best(&[3, 10, 9]), Some(1));
        assert!(looks_wrong(10, 30) && !looks_wrong(11, 30) && !looks_wrong(30, 30));
    }

    proptest::proptest! {
        #[test]
        fn more_evidence_never_weighs_less_and_never_more_than_all(
            integrations in 0..3_i64, others in 0..50_i64, at in 0..60_i64, known in 0..60_i64, hub in proptest::bool::ANY, provider in proptest::bool::ANY,
        ) {
            let of = |at_domains, known| score(&evidence(&EvidenceFacts {
                integrations, others, at_domains, known,
                hub: hub.then(|| "x".to_owned()), identity_provider: provider.then(|| "y".to_owned()),
            }));
            let here = of(at, known);
            proptest::prop_assert!((0..=100).contains(&here));
            proptest::prop_assert!(of(at + 1, known) >= here && of(at, known + 1) >= here);
        }
    }
}
