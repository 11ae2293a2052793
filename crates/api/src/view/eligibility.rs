//! Whether something can be linked, as JSON.

use orglink_app::eligibility::LinkableWorkspace;
use orglink_domain::eligibility::{Blocks, Eligibility, Reason, ReasonCode, ReasonScope};
use serde::Serialize;
use utoipa::ToSchema;

use super::WorkspaceJson;

/// Whether a workspace may be linked.
#[derive(Serialize, ToSchema)]
pub struct EligibilityJson {
    /// A person with both roles may link it now.
    pub eligible: bool,
    /// Automatic linking would take it.
    pub automatic: bool,
    pub reasons: Vec<ReasonJson>,
}

/// One reason why not.
#[derive(Serialize, ToSchema)]
pub struct ReasonJson {
    #[schema(value_type = String)]
    pub code: ReasonCode,
    /// `workspace`, or `pair` with an organization.
    #[schema(value_type = String)]
    pub scope: ReasonScope,
    /// `link`, `automatic_link` or `users_migration`.
    #[schema(value_type = String)]
    pub blocks: Blocks,
    pub title: &'static str,
    pub detail: &'static str,
    pub remedy: &'static str,
    /// Who can do that.
    pub who: &'static str,
    /// The page of this installation on which the capability is followed that is missing; it begins with `/`.
    pub follow: Option<String>,
}

impl EligibilityJson {
    pub fn of(e: &Eligibility) -> Self {
        let reason = |r: &Reason| ReasonJson {
            code: r.code,
            scope: r.scope,
            blocks: r.blocks,
            title: r.code.title(),
            detail: r.detail,
            remedy: r.remedy,
            who: r.who,
            follow: r.follow.clone(),
        };
        Self { eligible: e.eligible, automatic: e.automatic, reasons: e.reasons.iter().map(reason).collect() }
    }
}

/// A workspace you administer, with whether it may be linked.
#[derive(Serialize, ToSchema)]
pub struct LinkableJson {
    #[serde(flatten)]
    pub workspace: WorkspaceJson,
    #[serde(flatten)]
    pub eligibility: EligibilityJson,
    /// You are told when this changes.
    pub is_watching: bool,
}

impl LinkableJson {
    pub fn of(row: &LinkableWorkspace) -> Self {
        Self {
            workspace: WorkspaceJson::of(&row.workspace),
            eligibility: EligibilityJson::of(&row.eligibility),
            is_watching: row.is_watching,
        }
    }
}
