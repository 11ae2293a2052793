//! Access requests: *make me an admin*, asked by name of people whom one may not know, and their answers.

mod answer_request;
mod ask;
mod list_requests;

pub use answer_request::{approve_request, decline_request, expire_due, withdraw_request};
pub use ask::{Ask, ask_for_access};
pub use list_requests::{
    PlaceRequests, RequestView, list_my_requests, list_requests_of_organization, list_requests_of_workspace,
    view_request,
};

use orglink_domain::access_request::{AccessRequest, AskedKind, NotOpen};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::{AccessRequestId, TenantId};
use orglink_store::{StoreError, Tx, access_request, event};
use serde_json::json;
use uuid::Uuid;

use crate::tenant::{TenantProof, instead};
use crate::{App, Error, Principal};

fn absent(reference: &str) -> Error {
    Error::not_found("access request", reference)
}

/// A request by its id, before it is clear who asks.
async fn find(tx: &mut Tx, reference: &str) -> Result<AccessRequest, Error> {
    let id = Uuid::try_parse(reference).map_err(|_| absent(reference))?;
    access_request::find(tx, AccessRequestId(id)).await?.ok_or_else(|| absent(reference))
}

/// What somebody asks to become, in words.
#[must_use]
pub const fn role_asked(kind: AskedKind) -> &'static str {
    match kind {
        AskedKind::Organization => "organization admin",
        AskedKind::Workspace => "workspace admin",
    }
}

/// The place, for an admin who may answer; to anybody else the request is not there.
async fn load_place(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    about: &AccessRequest,
    reference: &str,
) -> Result<TenantProof, Error> {
    let tenant = about.tenant.ok_or_else(|| absent(reference))?;
    TenantProof::load(app, tx, principal, tenant).await.map_err(instead(|| absent(reference)))
}

/// Keeps what a transition made of it, with its event.
pub(crate) async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    changed: &AccessRequest,
    at: Timestamp,
) -> Result<(), Error> {
    if !access_request::change(tx, changed).await? {
        // Somebody answered it at the same moment: look again.
        return Err(StoreError::Conflict.into());
    }
    note(app, tx, actor, kind, changed, at).await
}

async fn note(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    about: &AccessRequest,
    at: Timestamp,
) -> Result<(), Error> {
    let happened = NewEvent {
        kind,
        organization_id: about.tenant.and_then(TenantId::organization),
        workspace_id: about.tenant.and_then(TenantId::workspace),
        payload: json!({ "access_request": about.id, "account": about.asked_by, "role": role_asked(about.kind) }),
    };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    app.feed.poke();
    Ok(())
}

fn refusal(NotOpen(state): NotOpen) -> Error {
    Error::refused(
        "request_not_open",
        "This request is not open any more",
        format!("The request is {state}. Whoever still needs access can ask again."),
    )
}
