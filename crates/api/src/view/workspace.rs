//! A workspace, as JSON.

use orglink_domain::clock::Timestamp;
use orglink_domain::workspace::{BillingCycle, Hold, Kind, Status, SubscriptionPlan, Workspace};
use serde::Serialize;
use utoipa::ToSchema;

/// A workspace.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceJson {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub app: String,
    #[schema(value_type = String)]
    pub kind: Kind,
    #[schema(value_type = String)]
    pub plan: SubscriptionPlan,
    #[schema(value_type = String)]
    pub billing_cycle: BillingCycle,
    #[schema(value_type = String)]
    pub status: Status,
    #[schema(value_type = Vec<String>)]
    pub holds: Vec<Hold>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl WorkspaceJson {
    pub fn of(w: &Workspace) -> Self {
        Self {
            id: w.id.to_string(),
            slug: w.slug.clone(),
            name: w.name.clone(),
            app: w.app.clone(),
            kind: w.kind,
            plan: w.plan,
            billing_cycle: w.billing_cycle,
            status: w.status,
            holds: w.holds(),
            created_at: w.created_at,
        }
    }
}
