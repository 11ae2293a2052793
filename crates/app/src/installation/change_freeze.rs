//! Stops linking, imports and mail at once, or allows them again.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::name::check_title;
use orglink_policy::Action;
use orglink_store::installation::{self, Freeze};
use orglink_store::{event, in_write};
use serde_json::json;

use crate::{App, Error, Principal};

/// Turns the switch; it holds for every transaction that begins after this one has ended.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn change_freeze(
    app: &App,
    principal: &Principal,
    is_frozen: bool,
    reason: Option<String>,
) -> Result<(), Error> {
    app.require(Action::FreezeLinking, principal.standing())?;
    if let Some(reason) = &reason {
        check_title("reason", reason).map_err(|e| Error::field("reason", e.to_string()))?;
    }
    let (at, freeze) = (app.now(), Freeze { is_frozen, reason });
    in_write!(app.db, tx, {
        installation::change_freeze(tx, &freeze).await?;
        let kind = if freeze.is_frozen { EventType::LinkingFrozen } else { EventType::LinkingUnfrozen };
        let payload = json!({ "reason": freeze.reason });
        let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok::<(), Error>(())
    })
}

/// Whether linking, imports and mail are stopped: shown to everybody.
///
/// # Errors
/// When the database is not reachable.
pub async fn find_freeze(app: &App) -> Result<Freeze, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(installation::find_freeze(&mut tx).await?)
}
