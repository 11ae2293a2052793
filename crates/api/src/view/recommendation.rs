//! What speaks for each of somebody's organizations, as JSON.

use orglink_app::organization::{Candidate, Recommendation};
use orglink_domain::recommendation::EvidenceKind;
use serde::Serialize;
use utoipa::ToSchema;

/// The organizations that you administer, best first.
#[derive(Serialize, ToSchema)]
pub struct RecommendationJson {
    /// The slug of the one that stands alone at the top, if any does.
    pub recommended: Option<String>,
    pub items: Vec<CandidateJson>,
}

/// An organization with what speaks for it.
#[derive(Serialize, ToSchema)]
pub struct CandidateJson {
    pub organization: String,
    pub name: String,
    /// 0 to 100.
    pub score: i64,
    pub evidence: Vec<EvidenceJson>,
}

/// One piece of evidence.
#[derive(Serialize, ToSchema)]
pub struct EvidenceJson {
    /// `integrations`, `domains`, `people`, `hub` or `identity_provider`.
    #[schema(value_type = String)]
    pub kind: EvidenceKind,
    pub points: i64,
    pub detail: String,
}

impl RecommendationJson {
    pub fn of(found: &Recommendation) -> Self {
        let candidate = |c: &Candidate| CandidateJson {
            organization: c.organization.slug.clone(),
            name: c.organization.name.clone(),
            score: c.score,
            evidence: c
                .evidence
                .iter()
                .map(|e| EvidenceJson { kind: e.kind, points: e.points, detail: e.words.clone() })
                .collect(),
        };
        Self {
            recommended: found.recommended().map(|c| c.organization.slug.clone()),
            items: found.candidates.iter().map(candidate).collect(),
        }
    }
}
