//! Takes a link back inside the window that its policy gave: by either side, with a plan of its own. Afterwards the link is
//! *sealed*. One rule for what people linked and for what a campaign's run did.

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Side;
use orglink_domain::digest::Digest;
use orglink_domain::eligibility::workspace_reasons;
use orglink_domain::entitlement::SwitchState;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::link::{Act, Link};
use orglink_domain::organization::Organization;
use orglink_domain::plan::{UndoFacts, undo_plan};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{StoreError, Tx, access, campaign, entitlement, event, in_write, link, organization, workspace};
use serde_json::{Value, json};

use super::make_link::guard_all;
use super::stage::require_only_linked;
use crate::eligibility::keep_reasons;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal, assistant, reason};

/// What undoing would do.
#[derive(Debug, Clone)]
pub struct UndoPlan {
    /// The facts that somebody decides on, as the digest covers them.
    pub document: Value,
    pub digest: Digest,
    pub workspace: Workspace,
    pub organization: Organization,
    /// Until when it can be undone; none where operators end it.
    pub until: Option<Timestamp>,
    /// A campaign made the organization for this link alone: it goes with it.
    pub deletes_organization: bool,
}

/// What somebody decided.
#[derive(Debug, Clone, Default)]
pub struct UndoRequest {
    /// The plan that was looked at; nothing is done when it is not what would be done now.
    pub plan_digest: Option<Digest>,
    /// Everybody concerned reads it.
    pub reason: Option<String>,
}

/// What was taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undone {
    pub links: u64,
    /// Organizations that a run had made for them and that nobody needs any more.
    pub organizations: u64,
    /// Linked by the run and no longer to be undone: the window is over, or the organization was claimed.
    pub kept: u64,
}

/// Shows what taking back the link of a workspace would do.
///
/// # Errors
/// `NotFound`; `not_linked`, `link_is_permanent`, `undo_window_over`, `organization_claimed`; a refusal for anybody but an admin of
/// one of the two sides.
pub async fn plan_undo(app: &App, principal: &Principal, reference: &str) -> Result<UndoPlan, Error> {
    let mut tx = app.db.begin_read().await?;
    plan_undo_within(app, &mut tx, principal, reference).await
}

/// The same in a transaction.
pub(crate) async fn plan_undo_within(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    reference: &str,
) -> Result<UndoPlan, Error> {
    let proof = WorkspaceProof::load(app, tx, principal, reference, Action::UndoLink).await?;
    let active = proof.link().ok_or_else(not_linked)?;
    Undoable::find(app, tx, proof.workspace(), active).await?.plan(app)
}

/// Takes back the link of a workspace.
///
/// # Errors
/// As [`plan_undo`]; `plan_changed` when what was looked at is not what would be done.
pub async fn undo_link(
    app: &App,
    principal: &Principal,
    reference: &str,
    request: &UndoRequest,
) -> Result<Undone, Error> {
    let reason = reason::check(request.reason.as_deref())?;
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::UndoLink).await?;
        let active = proof.link().ok_or_else(not_linked)?;
        let undoable = Undoable::find(app, tx, proof.workspace(), active).await?;
        let digest = undoable.plan(app)?.digest;
        if request.plan_digest.is_some_and(|shown| shown != digest) {
            return Err(undo_changed());
        }
        let by = By::alone(app, principal.actor(), proof.side(), digest, reason.as_deref());
        let undone = undoable.undo(app, tx, by).await?;
        assistant::settle(app, tx, principal, (Act::Undo, &digest)).await?;
        Ok(undone)
    })
}

/// Who takes a link back, and as what it is recorded.
pub(crate) struct By<'a> {
    pub actor: Actor,
    /// `undone` inside the window, `break_glass` by operators.
    pub because: &'static str,
    pub reason: Option<&'a str>,
    /// Who agreed, as what, to which plan; empty when an operator did, for a whole run.
    pub consents: Vec<Value>,
}

impl<'a> By<'a> {
    /// Somebody decided alone; `side` is that of the admin who did.
    pub fn alone(app: &App, actor: Actor, side: Option<Side>, plan: Digest, reason: Option<&'a str>) -> Self {
        let consent = side.map(|side| {
            let (account, through) = (actor.account_id, actor.through);
            json!({ "account": account, "at": app.now(), "plan_digest": plan, "side": side, "through": through })
        });
        Self { actor, because: "undone", reason, consents: consent.into_iter().collect() }
    }
}

/// A link that can be taken back at this moment.
pub(crate) struct Undoable<'a> {
    act: Act,
    workspace: &'a Workspace,
    link: &'a Link,
    organization: Organization,
    switches: Vec<SwitchState>,
    until: Option<Timestamp>,
    /// A run made the organization for what it linked.
    is_made: bool,
    deletes_organization: bool,
}

impl<'a> Undoable<'a> {
    /// # Errors
    /// Refused, saying why, when it cannot.
    pub async fn find(app: &App, tx: &mut Tx, workspace: &'a Workspace, active: &'a Link) -> Result<Self, Error> {
        let Some(until) = active.undo_until(app.now()) else { return Err(sealed(active)) };
        Self::of(tx, workspace, active, (Act::Undo, Some(until))).await
    }

    /// The same whatever the link's policy says.
    ///
    /// # Errors
    /// Refused, when a later stage was reached, or the organization is no longer the campaign's that made it.
    pub async fn of(
        tx: &mut Tx,
        workspace: &'a Workspace,
        active: &'a Link,
        (act, until): (Act, Option<Timestamp>),
    ) -> Result<Self, Error> {
        require_only_linked(tx, active).await?;
        let Some(organization) = organization::find(tx, active.organization_id).await? else {
            return Err(Error::broken("an organization vanished under a link"));
        };
        let made = match active.origin.run() {
            Some(run) => campaign::find_made_organization(tx, organization.id).await?.filter(|made| made.run_id == run),
            None => None,
        };
        if act == Act::Undo && made.as_ref().is_some_and(|made| made.claimed_at.is_some()) {
            return Err(Error::refused(
                "organization_claimed",
                "The organization was claimed",
                "The organization that was made for it is one like every other now; the link to it stays.",
            ));
        }
        let is_made = made.is_some_and(|made| made.claimed_at.is_none());
        let deletes_organization = is_made && organization::count_links(tx, organization.id).await? == 1;
        let switches = entitlement::list_switches(tx, organization.id).await?;
        Ok(Self { act, workspace, link: active, organization, switches, until, is_made, deletes_organization })
    }

    pub fn plan(&self, app: &App) -> Result<UndoPlan, Error> {
        let facts = UndoFacts {
            act: self.act,
            workspace: self.workspace,
            organization: &self.organization,
            link: self.link,
            switches: &self.switches,
            until: self.until,
            deletes_organization: self.deletes_organization,
        };
        let (document, digest) =
            undo_plan(&facts, &app.catalog).map_err(|e| StoreError::from(std::io::Error::other(e.to_string())))?;
        Ok(UndoPlan {
            document,
            digest,
            workspace: self.workspace.clone(),
            organization: self.organization.clone(),
            until: self.until,
            deletes_organization: self.deletes_organization,
        })
    }

    /// Ends the link. Access is read afresh before and after in this transaction: what would change it is not done.
    pub async fn undo(self, app: &App, tx: &mut Tx, by: By<'_>) -> Result<Undone, Error> {
        let (w, o, at) = (self.workspace, &self.organization, app.now());
        let By { actor, because, reason, consents } = by;
        let UndoPlan { document, digest, .. } = self.plan(app)?;
        let before = access::compute_digest(tx, w.id).await?;
        if !guard_all(tx, w, &[o]).await? {
            return Err(StoreError::Conflict.into());
        }
        link::end(tx, self.link.id, at).await?;
        if let Some(run) = self.link.origin.run() {
            campaign::undo_decision(tx, run, w.id, reason).await?;
        }
        let facts = workspace::find_facts(tx, w, false).await?;
        let truth = workspace_reasons(&facts, &app.catalog.eligibility);
        keep_reasons(app, tx, actor, w.id, &truth, at).await?;
        let mut done = Undone { links: 1, ..Undone::default() };
        if self.is_made && organization::count_links(tx, o.id).await? == 0 {
            self.delete_made(app, tx, actor, at).await?;
            done.organizations = 1;
        }
        let after = access::compute_digest(tx, w.id).await?;
        if before != after {
            return Err(Error::broken("undoing a link would have changed access"));
        }
        let happened = NewEvent {
            kind: EventType::WorkspaceUnlinked,
            organization_id: Some(o.id),
            workspace_id: Some(w.id),
            payload: json!({
                "link": self.link.id, "because": because, "reason": reason, "plan": document, "plan_digest": digest,
                "consents": consents,
                "was_automatic": self.link.origin.run().is_some(),
                "access": { "before": before, "after": after },
                "workspace": { "id": w.id, "slug": w.slug },
                "organization": { "id": o.id, "slug": o.slug, "name": o.name },
            }),
        };
        event::append(tx, app.origin(actor, at), happened, Some(w.version + 1)).await?;
        app.feed.poke();
        Ok(done)
    }

    /// What was made for links that are all undone is nobody's.
    async fn delete_made(&self, app: &App, tx: &mut Tx, actor: Actor, at: Timestamp) -> Result<(), Error> {
        let o = &self.organization;
        organization::delete(tx, o.id, at).await?;
        campaign::delete_made(tx, o.id).await?;
        let happened = NewEvent {
            kind: EventType::OrganizationDeleted,
            organization_id: Some(o.id),
            workspace_id: None,
            payload: json!({ "slug": o.slug, "name": o.name, "because": "undone" }),
        };
        event::append(tx, app.origin(actor, at), happened, Some(o.version + 1)).await?;
        Ok(())
    }
}

/// What was looked at is not what undoing would do now.
pub(crate) fn undo_changed() -> Error {
    Error::refused(
        "plan_changed",
        "Something has changed since you looked",
        "Nothing was done. Look at what undoing would do now, and decide again.",
    )
}

fn not_linked() -> Error {
    Error::refused(
        "not_linked",
        "It is not linked",
        "The workspace is linked to no organization: there is nothing to undo.",
    )
}

fn sealed(link: &Link) -> Error {
    match link.policy.undo_until(link.linked_at) {
        None => Error::refused(
            "link_is_permanent",
            "The link is permanent",
            "When it was made, the policy gave no time to undo it.",
        ),
        Some(until) => Error::refused(
            "undo_window_over",
            "It can no longer be undone",
            format!("The time in which it could be undone ended on {}; the link is sealed.", until.to_minute()),
        ),
    }
}
