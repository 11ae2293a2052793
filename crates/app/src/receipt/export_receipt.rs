//! Makes the receipt of a link or of its undoing, from one snapshot: event, plan, comparison of access, both proofs under the
//! newest checkpoint. What would not verify is not handed out.

use orglink_domain::digest::Digest;
use orglink_domain::event::{Event, EventType};
use orglink_domain::id::{LinkId, WorkspaceId};
use orglink_domain::link::{AccessCheck, Link};
use orglink_domain::receipt::{Act, Draft, ProvenEvent};
use orglink_domain::role::WorkspaceRole;
use orglink_policy::Action;
use orglink_store::event::{self, LogFilter, Subject};
use orglink_store::ledger::Log;
use orglink_store::{Tx, directory, ledger, link, plan};
use serde_json::Value;

use super::verify_receipt;
use crate::ledger::{key_of, prove_in};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// A receipt, as it is to be kept.
#[derive(Debug, Clone)]
pub struct Exported {
    /// A name for the file.
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// The receipt of a workspace's link, or of an earlier one of its links. Without `act`: of the link that is named, or that it has
/// now; where it has none any more, of what ended the last one.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the workspace, an admin or auditor of the organization, or an operator;
/// `not_linked`, `receipt_not_ready`, `receipt_erased`, `receipt_not_possible`.
pub async fn export_workspace_receipt(
    app: &App,
    principal: &Principal,
    workspace: &str,
    reference: Option<&str>,
    act: Option<Act>,
) -> Result<Exported, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewWorkspace).await?;
    let id = proof.workspace().id;
    let (found, act) = match reference {
        Some(reference) => {
            let found = find_link(&mut tx, reference).await?.filter(|link| link.workspace_id == id);
            (found.ok_or_else(|| absent(reference))?, act.unwrap_or(Act::Link))
        }
        None => {
            let Some(newest) = link::find_newest(&mut tx, id).await? else {
                proof.require(app, Action::ViewReceipt)?;
                return Err(Error::refused(
                    "not_linked",
                    "There is no receipt",
                    "The workspace was never linked to an organization: there is nothing to have a receipt of.",
                ));
            };
            let last = if newest.ended_at.is_some() { Act::Undo } else { Act::Link };
            (newest, act.unwrap_or(last))
        }
    };
    require_receipt(app, &mut tx, principal, &found).await?.ok_or_else(|| absent(reference.unwrap_or(workspace)))?;
    export(&mut tx, &found, act).await
}

/// The receipt of a link by its id, from either side: also of one that has ended, for an organization whose workspace it was.
///
/// # Errors
/// As [`export_workspace_receipt`].
pub async fn export_link_receipt(
    app: &App,
    principal: &Principal,
    reference: &str,
    act: Option<Act>,
) -> Result<Exported, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = find_link(&mut tx, reference).await?.ok_or_else(|| absent(reference))?;
    require_receipt(app, &mut tx, principal, &found).await?.ok_or_else(|| absent(reference))?;
    export(&mut tx, &found, act.unwrap_or(Act::Link)).await
}

fn absent(reference: &str) -> Error {
    Error::not_found("link", reference)
}

async fn find_link(tx: &mut Tx, reference: &str) -> Result<Option<Link>, Error> {
    let Ok(id) = reference.parse() else { return Ok(None) };
    Ok(link::find(tx, LinkId(id)).await?)
}

/// Whoever may have a link's receipt may through one of its two sides; nothing for whoever is not to know of the link.
async fn require_receipt(app: &App, tx: &mut Tx, principal: &Principal, link: &Link) -> Result<Option<()>, Error> {
    let id = link.workspace_id.to_string();
    let mut refusal = None;
    match WorkspaceProof::load(app, tx, principal, &id, Action::ViewWorkspace).await {
        Ok(proof) => match proof.require_of(app, Action::ViewReceipt, link) {
            Ok(()) => return Ok(Some(())),
            // Whoever sees the workspace only because of another link is not told of this one.
            Err(e) if proof.is_current(link) || proof.role() != WorkspaceRole::None => refusal = Some(e),
            Err(_) => {}
        },
        Err(Error::NotFound { .. }) => {}
        Err(e) => return Err(e),
    }
    let id = link.organization_id.to_string();
    match OrganizationProof::load(app, tx, principal, &id, Action::ViewReceipt).await {
        Ok(_) => Ok(Some(())),
        Err(Error::NotFound { .. }) => refusal.map_or(Ok(None), Err),
        Err(e) => Err(e),
    }
}

async fn export(tx: &mut Tx, link: &Link, act: Act) -> Result<Exported, Error> {
    let mut users_plan = None;
    let (kind, at) = match (act, link.ended_at) {
        (Act::Link | Act::AutomaticLink | Act::Transfer, _) => (EventType::WorkspaceLinked, link.linked_at),
        (Act::MigrateUsers | Act::AutomaticUsersMigration, _) => {
            let migrated = directory::find_migration(tx, link.id).await?.ok_or_else(|| {
                let detail = "The users of the workspace have not migrated: there is nothing to have a receipt of.";
                Error::refused("users_not_migrated", "There is no such receipt", detail)
            })?;
            users_plan = Some(migrated.plan_digest);
            (EventType::WorkspaceUsersMigrated, migrated.migrated_at)
        }
        (Act::Undo | Act::Unlink, Some(ended_at)) => (EventType::WorkspaceUnlinked, ended_at),
        (Act::Undo | Act::Unlink, None) => {
            return Err(Error::refused(
                "not_undone",
                "There is no such receipt",
                "The link was not undone: only linking has a receipt.",
            ));
        }
    };
    let log = ledger::find_current(tx).await?.ok_or_else(not_ready)?;
    // Where nothing is left of what it says, its time tells which it is.
    let is_it = |event: &Event| names(event, link).unwrap_or(event.at == at);
    let happened = find_event(tx, link.workspace_id, kind, is_it).await?.ok_or_else(not_ready)?;
    let event = prove(tx, &log, &happened).await?;
    let plan = match (kind, users_plan.or_else(|| link.origin.plan())) {
        (EventType::WorkspaceUnlinked, _) => {
            Some(event.payload.get("plan").cloned().ok_or_else(|| not_possible(kind))?)
        }
        (_, Some(digest)) => Some(read_plan(tx, &digest).await?),
        (_, None) => None,
    };
    let access_event = if kind == EventType::WorkspaceLinked { find_comparison(tx, &log, link).await? } else { None };
    let draft = Draft { event, access_event, plan, checkpoint: log.note.clone() };
    let bytes = draft.to_bytes().map_err(|_| not_possible(kind))?;
    let verified = verify_receipt(&bytes, &key_of(&log)).map_err(|wrong| {
        tracing::error!(link = %link.id, %wrong, "a receipt would not verify: orglink doctor");
        Error::refused(
            "receipt_not_valid",
            "The receipt would not hold",
            format!("What is kept is not what the ledger signed ({wrong}). Tell the operator: orglink doctor."),
        )
    })?;
    Ok(Exported { file_name: format!("orglink-receipt-{}-{}.json", verified.act, link.id), bytes })
}

async fn read_plan(tx: &mut Tx, digest: &Digest) -> Result<Value, Error> {
    let found = plan::find(tx, digest).await?;
    found.map(|plan| plan.document).ok_or_else(|| Error::broken("the plan of a link is gone"))
}

/// The newest event of a type in a workspace that is the one meant; only among those that have a position.
async fn find_event(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: EventType,
    is_it: impl Fn(&Event) -> bool,
) -> Result<Option<Event>, Error> {
    let filter = LogFilter { kinds: vec![kind], ..LogFilter::default() };
    let mut before = None;
    loop {
        let page = event::list_of(tx, Subject::Workspace(workspace), &filter, before, 100).await?;
        let Some(last) = page.last() else { return Ok(None) };
        before = Some(last.id);
        if let Some(found) = page.into_iter().find(|event| is_it(event)) {
            return Ok(Some(found));
        }
    }
}

/// What access was found to be after a link, once it was compared and the ledger holds that.
async fn find_comparison(tx: &mut Tx, log: &Log, link: &Link) -> Result<Option<ProvenEvent>, Error> {
    let kind = match link.access_check {
        AccessCheck::Pending => return Ok(None),
        AccessCheck::Differs => EventType::LinkAccessDiffers,
        AccessCheck::Unchanged | AccessCheck::ChangedSince => EventType::LinkAccessVerified,
    };
    let is_it = |event: &Event| names(event, link).unwrap_or(false);
    let Some(event) = find_event(tx, link.workspace_id, kind, is_it).await? else { return Ok(None) };
    match prove(tx, log, &event).await {
        Ok(proven) => Ok(Some(proven)),
        // The receipt says then that access was not compared yet.
        Err(Error::Refused(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Whether an event is about a link; nothing when what it says was erased.
fn names(event: &Event, link: &Link) -> Option<bool> {
    let payload = event.payload.as_ref()?;
    Some(payload.get("link").and_then(Value::as_str) == Some(link.id.to_string().as_str()))
}

/// An event with its proof.
///
/// # Errors
/// `receipt_not_ready`, `receipt_erased`.
async fn prove(tx: &mut Tx, log: &Log, event: &Event) -> Result<ProvenEvent, Error> {
    let proof = prove_in(tx, log, event.position).await?.ok_or_else(not_ready)?;
    let salt = event::find_salt(tx, event.id).await?;
    let (salt, payload) = salt.zip(event.payload.clone()).ok_or_else(erased)?;
    Ok(ProvenEvent { leaf: proof.entry, index: proof.index, path: proof.path, payload, salt })
}

fn not_ready() -> Error {
    Error::refused(
        "receipt_not_ready",
        "The receipt is not ready yet",
        "The ledger has not signed for this yet; while the server runs it does so within seconds. Try again in some seconds.",
    )
}

fn erased() -> Error {
    Error::refused(
        "receipt_erased",
        "There is no receipt any more",
        "What the event says was erased, as the operator's retention wants: it can be proven no more. Receipts that were kept before still hold.",
    )
}

/// It has no plan, or is no act of somebody's.
fn not_possible(kind: EventType) -> Error {
    let detail = if kind == EventType::WorkspaceUnlinked {
        "The link ended together with the workspace, or was undone by an older release that kept no plan; there is a receipt only of the linking."
    } else {
        "The link was made by an older release that kept too little of it."
    };
    Error::refused("receipt_not_possible", "There is no such receipt", detail)
}
