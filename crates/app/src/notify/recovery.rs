//! A recovery goes on, or ends: everybody concerned is told.

use orglink_domain::event::{Event, EventType};
use orglink_domain::id::{RecoveryId, TenantId};
use orglink_mail::{Person, RecoveryTold, RolePlace};
use orglink_store::{Tx, recovery};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, organization_named, workspace_named};
use crate::Error;

/// Members of the workspace or holders of a role in the organization, and whoever is to become admin. The first step
/// is told only to the latter: nothing is shown yet.
pub(super) async fn told(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let id = payload.get("recovery").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    let Some(found) = (match id {
        Some(id) => recovery::find(tx, RecoveryId(id)).await?,
        None => None,
    }) else {
        return Ok(Vec::new());
    };
    let place = match found.place {
        TenantId::Organization(id) => organization_named(tx, Some(id)).await?.map(RolePlace::Organization),
        TenantId::Workspace(id) => workspace_named(tx, Some(id)).await?.map(RolePlace::Workspace),
    };
    let Some(place) = place else { return Ok(Vec::new()) };
    // As the event says it, not as it stands by now.
    let text = |field: &str| payload.get(field).and_then(Value::as_str);
    let state = text("state").and_then(|word| word.parse().ok()).unwrap_or(found.state);
    let says = |is_yours| RecoveryTold {
        recovery: found.id,
        place: place.clone(),
        who: Person::new(found.account_id),
        by: event.actor.into(),
        state,
        reason: found.reason.clone(),
        applies_at: text("applies_at").and_then(|at| at.parse().ok()),
        objection: text("objection").map(str::to_owned),
        is_yours,
    };
    let mut notices = vec![Notice::new(found.account_id, says(true))];
    let was_told = event.kind != EventType::RecoveryRequested
        && !(event.kind == EventType::RecoveryEnded && found.applies_at.is_none());
    if was_told {
        let concerned = recovery::list_concerned(tx, found.place).await?;
        notices
            .extend(concerned.into_iter().filter(|id| *id != found.account_id).map(|id| Notice::new(id, says(false))));
    }
    Ok(notices)
}
