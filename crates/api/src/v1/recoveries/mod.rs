mod change_recovery;
mod create_recovery;
mod list_recoveries;
mod view_recovery;

pub use change_recovery::*;
pub use create_recovery::*;
pub use list_recoveries::*;
pub use view_recovery::*;

use axum::Json;
use orglink_app::recovery::{self, RecoveryView};
use orglink_domain::clock::Timestamp;
use orglink_domain::recovery::{RecoveryState, RecoveryWay};
use orglink_http::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use super::Acting;

/// A recovery: how what nobody can administer any more gets an admin again.
#[derive(Serialize, ToSchema)]
pub struct RecoveryJson {
    id: String,
    /// What is recovered: `organization` or `workspace`.
    kind: &'static str,
    /// Its slug.
    place: String,
    /// Address of whoever becomes admin.
    account: Option<String>,
    /// `domain` or `operators`.
    #[schema(value_type = String)]
    way: RecoveryWay,
    /// `requested`, `waiting`, `applied`, `objected`, `withdrawn`, `expired` or `superseded`.
    #[schema(value_type = String)]
    state: RecoveryState,
    reason: String,
    /// The record (DNS TXT) that proves, while it can.
    record: Option<RecordJson>,
    proposed_by: Option<String>,
    approved_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when it must be shown that the one who asks may.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it takes effect, unless somebody objects.
    #[schema(value_type = Option<String>, format = DateTime)]
    applies_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Why somebody objected.
    objection: Option<String>,
    /// Somebody can administer it meanwhile, so that it will come to nothing.
    has_active_admin: bool,
}

/// A record at a domain.
#[derive(Serialize, ToSchema)]
pub struct RecordJson {
    name: String,
    text: String,
}

impl RecoveryJson {
    pub fn of(view: RecoveryView) -> Self {
        let r = view.recovery;
        let email = |a: Option<orglink_domain::account::Account>| a.map(|a| a.email);
        Self {
            id: r.id.to_string(),
            kind: view.place_kind,
            place: view.place_slug,
            account: email(view.account),
            way: r.way,
            state: r.state,
            reason: r.reason,
            record: view.record.map(|(name, text)| RecordJson { name, text }),
            proposed_by: email(view.proposed_by),
            approved_by: email(view.approved_by),
            created_at: r.created_at,
            expires_at: r.expires_at,
            applies_at: r.applies_at,
            ended_at: r.ended_at,
            objection: r.objection,
            has_active_admin: view.has_active_admin,
        }
    }
}

/// The recovery as it is after something was done to it.
async fn shown(on: &Acting) -> Result<Json<RecoveryJson>, Failure> {
    Ok(Json(RecoveryJson::of(recovery::view_recovery(&on.app, &on.principal, &on.id).await?)))
}
