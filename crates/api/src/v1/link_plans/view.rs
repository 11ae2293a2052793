//! A plan, as JSON.

use orglink_app::link::PlanView;
use orglink_domain::clock::Timestamp;
use orglink_domain::plan::Warning;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::view::{EligibilityJson, RecommendationJson};

/// A plan: its digest is the SHA-256 of the canonical JSON (RFC 8785) of `document`.
#[derive(Serialize, ToSchema)]
pub struct PlanJson {
    pub digest: String,
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: Timestamp,
    /// The material facts; linking is refused when they have changed.
    #[schema(value_type = Object)]
    pub document: Value,
    pub warnings: Vec<WarningJson>,
    /// What speaks for each organization that you administer; no part of the document.
    pub recommendation: RecommendationJson,
    pub eligibility: EligibilityJson,
    pub summary: SummaryJson,
    /// Who can do what in the workspace, as one digest; compared again after the link.
    pub access_digest: String,
    /// The people whose ids the document names.
    pub people: Vec<PlanPerson>,
    /// What has changed since the plan was made.
    #[schema(value_type = Vec<Object>)]
    pub differences: Vec<Value>,
}

/// A warning to acknowledge by its code.
#[derive(Serialize, ToSchema)]
pub struct WarningJson {
    #[schema(value_type = String)]
    pub code: Warning,
    pub title: &'static str,
    pub detail: &'static str,
}

/// What is informational about a plan.
#[derive(Serialize, ToSchema)]
pub struct SummaryJson {
    pub members: i64,
    pub user_groups: i64,
    pub repositories: i64,
}

/// Somebody a plan names.
#[derive(Serialize, ToSchema)]
pub struct PlanPerson {
    pub id: String,
    pub email: String,
    pub name: String,
}

impl PlanJson {
    pub fn of(view: &PlanView) -> Self {
        let mut people: Vec<PlanPerson> = view
            .workspace_admins
            .iter()
            .chain(&view.organization_admins)
            .map(|a| PlanPerson { id: a.id.to_string(), email: a.email.clone(), name: a.name.clone() })
            .collect();
        people.sort_unstable_by(|a, b| a.email.cmp(&b.email));
        people.dedup_by(|a, b| a.id == b.id);
        Self {
            digest: view.plan.digest.to_string(),
            valid_until: view.valid_until,
            document: view.plan.document.clone(),
            warnings: view
                .warnings
                .iter()
                .map(|w| WarningJson { code: *w, title: w.title(), detail: w.detail() })
                .collect(),
            recommendation: RecommendationJson::of(&view.recommendation),
            eligibility: EligibilityJson::of(&view.plan.eligibility),
            summary: SummaryJson {
                members: view.plan.summary.members,
                user_groups: view.plan.summary.user_groups,
                repositories: view.plan.summary.repositories,
            },
            access_digest: view.access_digest.to_string(),
            people,
            differences: view.differences.iter().filter_map(|d| serde_json::to_value(d).ok()).collect(),
        }
    }
}
