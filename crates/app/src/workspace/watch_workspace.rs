//! "Tell me when it changes": remembers who wants to hear about a workspace's eligibility.

use orglink_domain::event::{EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::{event, in_write, workspace};
use serde_json::json;

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// Starts telling the one who asks; doing so twice changes nothing.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn watch_workspace(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    change(app, principal, reference, true).await
}

/// Stops telling the one who asks; doing so twice changes nothing.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn unwatch_workspace(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    change(app, principal, reference, false).await
}

async fn change(app: &App, principal: &Principal, reference: &str, on: bool) -> Result<(), Error> {
    let account = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::WatchWorkspace).await?;
        let id = proof.workspace().id;
        let (changed, kind) = if on {
            (workspace::watch(tx, id, account, at).await?, EventType::WorkspaceWatched)
        } else {
            (workspace::unwatch(tx, id, account).await?, EventType::WorkspaceUnwatched)
        };
        if changed {
            let happened = NewEvent { kind, organization_id: None, workspace_id: Some(id), payload: json!({}) };
            event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        }
        Ok::<(), Error>(())
    })
}
