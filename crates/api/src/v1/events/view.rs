//! An event, as JSON.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Event, EventType, Through};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub struct EventJson {
    /// Dense, in the order of commits.
    pub position: i64,
    pub id: String,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: EventType,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The id of the account in whose name it was done; nothing for the system.
    pub actor: Option<String>,
    /// `own`, `operator` (on behalf of the actor) or `system`.
    #[schema(value_type = String)]
    pub through: Through,
    pub organization: Option<String>,
    pub workspace: Option<String>,
    /// SHA-256 of salt and payload.
    pub commitment: String,
    /// Nothing once erased.
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
}

impl EventJson {
    pub fn of(e: &Event) -> Self {
        Self {
            position: e.position,
            id: e.id.to_string(),
            kind: e.kind,
            at: e.at,
            actor: e.actor.account_id.map(|a| a.to_string()),
            through: e.actor.through,
            organization: e.organization_id.map(|o| o.to_string()),
            workspace: e.workspace_id.map(|w| w.to_string()),
            commitment: e.commitment.to_string(),
            payload: e.payload.clone(),
        }
    }
}
