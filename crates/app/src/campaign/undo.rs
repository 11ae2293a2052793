//! Takes back links that a run made, inside the window that its campaign gave: one of them, or all of a run.

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::workspace_reasons;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::link::Link;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, campaign, event, in_write, link, organization, workspace};
use serde_json::json;
use uuid::Uuid;

use super::{check_reason, load};
use crate::eligibility::keep_reasons;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// Links looked at together.
const PAGE: i64 = 200;

/// What was taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undone {
    pub links: u64,
    /// Organizations that a run had made for them and that nobody needs any more.
    pub organizations: u64,
    /// Linked by the run and no longer to be undone: the window is over, or the organization was claimed.
    pub kept: u64,
}

/// Takes back the link of one workspace, for one of its admins.
///
/// # Errors
/// `NotFound`; `not_linked_automatically`; `undo_window_over`; `organization_claimed`; a refusal for anybody but its admins.
pub async fn undo_automatic_link(app: &App, principal: &Principal, reference: &str) -> Result<Undone, Error> {
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::UndoAutomaticLink).await?;
        let Some(active) = proof.link().cloned() else { return Err(not_automatic()) };
        undo(app, tx, principal.actor(), proof.workspace(), &active, None).await
    })
}

/// Takes back everything that a campaign's run has linked and that can still be undone, for an operator who says why.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator; what was undone before a failure stays undone.
pub async fn undo_run(
    app: &App,
    principal: &Principal,
    name: &str,
    wave: Option<i64>,
    reason: &str,
) -> Result<Undone, Error> {
    let Some(reason) = check_reason(Some(reason))? else {
        return Err(Error::field("reason", "say why: everybody concerned reads it"));
    };
    let mut tx = app.db.begin_read().await?;
    let found = load(app, &mut tx, principal, name).await?;
    let run = campaign::find_real_run(&mut tx, found.id).await?.ok_or_else(|| Error::not_found("run", "real"))?;
    drop(tx);
    let (mut after, mut total) = (WorkspaceId(Uuid::nil()), Undone::default());
    loop {
        let mut tx = app.db.begin_read().await?;
        let page = campaign::list_linked(&mut tx, run.id, after, PAGE).await?;
        drop(tx);
        let Some(last) = page.last() else { return Ok(total) };
        after = *last;
        for id in page {
            let (reason, actor) = (&reason, principal.actor());
            let done = in_write!(app.db, tx, {
                let decided = campaign::find_decision(tx, run.id, id).await?;
                if wave.is_some() && decided.is_none_or(|d| Some(d.decided.wave) != wave) {
                    return Ok(Undone::default());
                }
                let (Some(w), Some(active)) = (workspace::find(tx, id).await?, link::find_active(tx, id).await?) else {
                    return Ok(Undone::default());
                };
                match undo(app, tx, actor, &w, &active, Some(reason)).await {
                    Err(Error::Refused(_)) => Ok(Undone { kept: 1, ..Undone::default() }),
                    done => done,
                }
            })?;
            total.links += done.links;
            total.organizations += done.organizations;
            total.kept += done.kept;
        }
    }
}

/// Until when a link can be taken back; none when it cannot.
pub(super) fn undo_until(active: &Link) -> Option<Timestamp> {
    let window = active.policy.undo_window_seconds;
    (active.origin.run().is_some() && window > 0).then(|| active.linked_at.plus_seconds(window))
}

async fn undo(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    w: &Workspace,
    active: &Link,
    reason: Option<&str>,
) -> Result<Undone, Error> {
    let at = app.now();
    let Some(run) = active.origin.run() else { return Err(not_automatic()) };
    if undo_until(active).is_none_or(|until| until <= at) {
        return Err(Error::refused(
            "undo_window_over",
            "It can no longer be undone",
            "The time in which a link that was made by itself can be undone is over, or the campaign gave none.",
        ));
    }
    let Some(o) = organization::find(tx, active.organization_id).await? else {
        return Err(Error::broken("an organization vanished under a link"));
    };
    let made = campaign::find_made_organization(tx, o.id).await?.filter(|made| made.run_id == run);
    if made.is_some_and(|made| made.claimed_at.is_some()) {
        return Err(Error::refused(
            "organization_claimed",
            "The organization was claimed",
            "The organization that was made for it is one like every other now; the link to it stays.",
        ));
    }
    // Both guard rows, in the order of their ids.
    let organization_first = o.id.0 < w.id.0;
    let conflict = || Err(orglink_store::StoreError::Conflict.into());
    if organization_first && !organization::guard(tx, o.id, o.version).await? {
        return conflict();
    }
    if !workspace::guard(tx, w.id, w.version).await? {
        return conflict();
    }
    if !organization_first && !organization::guard(tx, o.id, o.version).await? {
        return conflict();
    }
    link::end(tx, active.id, at).await?;
    campaign::undo_decision(tx, run, w.id, reason).await?;
    let facts = workspace::find_facts(tx, w, false).await?;
    let truth = workspace_reasons(&facts, &app.catalog.eligibility);
    keep_reasons(app, tx, actor, w.id, &truth, at).await?;
    let happened = NewEvent {
        kind: EventType::WorkspaceUnlinked,
        organization_id: Some(o.id),
        workspace_id: Some(w.id),
        payload: json!({
            "link": active.id, "because": "undone", "reason": reason,
            "workspace": { "id": w.id, "slug": w.slug }, "organization": { "id": o.id, "slug": o.slug, "name": o.name },
        }),
    };
    event::append(tx, app.origin(actor, at), happened, Some(w.version + 1)).await?;
    let mut done = Undone { links: 1, ..Undone::default() };
    if made.is_some() && organization::count_links(tx, o.id).await? == 0 {
        delete_made(app, tx, actor, (o.id, &o.slug, &o.name, o.version), at).await?;
        done.organizations = 1;
    }
    app.feed.poke();
    Ok(done)
}

/// What was made for links that are all undone is nobody's.
async fn delete_made(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (id, slug, name, version): (OrganizationId, &str, &str, i64),
    at: Timestamp,
) -> Result<(), Error> {
    organization::delete(tx, id, at).await?;
    campaign::delete_made(tx, id).await?;
    let happened = NewEvent {
        kind: EventType::OrganizationDeleted,
        organization_id: Some(id),
        workspace_id: None,
        payload: json!({ "slug": slug, "name": name, "because": "undone" }),
    };
    event::append(tx, app.origin(actor, at), happened, Some(version + 1)).await?;
    Ok(())
}

fn not_automatic() -> Error {
    Error::refused(
        "not_linked_automatically",
        "It was not linked by itself",
        "Only a link that a campaign made can be undone here, and only while the campaign gives time for it.",
    )
}
