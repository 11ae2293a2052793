//! A link, as JSON.

use orglink_app::link::LinkView;
use orglink_app::workspace::LinkCard;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::Through;
use orglink_domain::link::{AccessCheck, Consent};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a workspace is linked.
#[derive(Serialize, ToSchema)]
pub struct LinkCardJson {
    pub id: String,
    pub organization: String,
    pub organization_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub linked_at: Timestamp,
    pub linked_by: String,
    /// Whether access was compared after the link: `pending`, `unchanged`, `changed_since`, `differs`.
    #[schema(value_type = String)]
    pub access_check: AccessCheck,
    /// Until when an admin of either side can undo it; none when it is permanent or sealed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Timestamp>,
}

impl LinkCardJson {
    pub fn of(card: &LinkCard) -> Self {
        Self {
            id: card.id.to_string(),
            organization: card.organization.slug.clone(),
            organization_name: card.organization.name.clone(),
            linked_at: card.linked_at,
            linked_by: card.linked_by.clone(),
            access_check: card.access_check,
            undo_until: card.undo_until,
        }
    }
}

/// A link with everything that is kept of it.
#[derive(Serialize, ToSchema)]
pub struct LinkJson {
    pub id: String,
    pub workspace: String,
    pub organization: String,
    #[schema(value_type = String, format = DateTime)]
    pub linked_at: Timestamp,
    /// The name of whoever linked it, or of the campaign that did.
    pub linked_by: String,
    /// `own`; `operator` when an operator did it on behalf of that person; `system` when a campaign did.
    #[schema(value_type = String)]
    pub linked_through: Through,
    /// None when a campaign linked it: then its decision stands for the plan.
    pub plan_digest: Option<String>,
    pub access_digest: String,
    /// The version of the workspace that the access digest was taken of.
    pub access_version: String,
    #[schema(value_type = String)]
    pub access_check: AccessCheck,
    #[schema(value_type = String)]
    pub consent: Consent,
    /// 0 means permanent at once.
    pub undo_window_seconds: String,
    /// Whether the workspace can be moved to another organization, when all sides agree.
    pub transfer: bool,
    /// The codes of the warnings that were acknowledged.
    pub acknowledged: Vec<String>,
}

impl LinkJson {
    pub fn of(view: &LinkView) -> Self {
        let link = &view.link;
        Self {
            id: link.id.to_string(),
            workspace: view.workspace.slug.clone(),
            organization: view.organization.slug.clone(),
            linked_at: link.linked_at,
            linked_by: view.linked_by.clone(),
            linked_through: link.linked_through,
            plan_digest: link.origin.plan().map(|plan| plan.to_string()),
            access_digest: link.access_digest.to_string(),
            access_version: link.access_version.to_string(),
            access_check: link.access_check,
            consent: link.policy.consent,
            undo_window_seconds: link.policy.undo_window_seconds.to_string(),
            transfer: link.policy.transfer,
            acknowledged: link.acknowledged.clone(),
        }
    }
}
