//! What assistants may read of a workspace, and what they may ask their own people to do.
//!
//! Which feature opens what: see [`read`]. An assistant changes nothing: it leaves a request that names a plan by its
//! digest, and only its own person, in a browser and by the pages that everybody uses, does what that plan says.

mod ask;
mod decline_request;
mod list_requests;
mod read;
mod settle;

pub use ask::{LinkWish, UndoWish, request_link, request_undo};
pub use decline_request::decline_request;
pub use list_requests::{RequestView, list_requests, view_request};
pub use read::{explain_access, plan_undo};
pub(crate) use settle::settle;

use orglink_domain::assistant::AssistantRequest;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::AssistantRequestId;
use orglink_store::assistant_request::{self, Asked};
use orglink_store::{StoreError, Tx, event, organization, workspace};
use serde_json::json;
use uuid::Uuid;

use crate::{App, Error, Principal};

/// A request of the one who asks; those of others are not there.
async fn find(tx: &mut Tx, principal: &Principal, reference: &str) -> Result<Asked, Error> {
    let absent = || Error::not_found("request", reference);
    let id = AssistantRequestId(Uuid::try_parse(reference).map_err(|_| absent())?);
    assistant_request::find(tx, principal.account()?.id, id).await?.ok_or_else(absent)
}

/// Keeps how a request ended, with its event.
async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    ended: &AssistantRequest,
    at: Timestamp,
) -> Result<(), Error> {
    if !assistant_request::change(tx, ended).await? {
        // It ended otherwise at the same moment: look again.
        return Err(StoreError::Conflict.into());
    }
    note(app, tx, actor, kind, ended, at).await
}

/// What happened, for the activity of both sides. What the assistant wrote is for its own person alone.
async fn note(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    about: &AssistantRequest,
    at: Timestamp,
) -> Result<(), Error> {
    let w = workspace::find(tx, about.workspace_id).await?.map(|w| (w.slug, w.name)).unwrap_or_default();
    let o = organization::find(tx, about.organization_id).await?.map(|o| (o.slug, o.name)).unwrap_or_default();
    let happened = NewEvent {
        kind,
        organization_id: Some(about.organization_id),
        workspace_id: Some(about.workspace_id),
        payload: json!({
            "assistant_request": about.id, "act": about.act, "token": about.token_id, "plan_digest": about.plan_digest,
            "workspace": { "id": about.workspace_id, "slug": w.0, "name": w.1 },
            "organization": { "id": about.organization_id, "slug": o.0, "name": o.1 },
        }),
    };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    app.feed.poke();
    Ok(())
}
