//! Writes a link, once everybody who must has agreed: the one way in which people's links come about.

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{Given, Side};
use orglink_domain::digest::Digest;
use orglink_domain::eligibility::ReasonCode;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::{AccountId, LinkId};
use orglink_domain::link::{AccessCheck, Link, LinkOrigin};
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
use orglink_store::{StoreError, Tx, event, fault, link, organization, plan, workspace};
use serde_json::{Value, json};

use super::read_plan::PlannedPair;
use crate::{App, Error, Principal};

/// Takes the guard rows of a workspace and of organizations, in the order of their ids; false when somebody was faster.
pub(crate) async fn guard_all(tx: &mut Tx, w: &Workspace, organizations: &[&Organization]) -> Result<bool, StoreError> {
    let mut sorted = organizations.to_vec();
    sorted.sort_unstable_by_key(|o| o.id.0);
    let (before, behind): (Vec<&Organization>, Vec<&Organization>) = sorted.into_iter().partition(|o| o.id.0 < w.id.0);
    for o in before {
        if !organization::guard(tx, o.id, o.version).await? {
            return Ok(false);
        }
    }
    if !workspace::guard(tx, w.id, w.version).await? {
        return Ok(false);
    }
    for o in behind {
        if !organization::guard(tx, o.id, o.version).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The same for a pair, and for the organization that the workspace leaves.
pub(crate) async fn guard_pair(tx: &mut Tx, pair: &PlannedPair) -> Result<bool, StoreError> {
    let source = pair.leaves.as_ref().map(|(_, source)| source);
    let organizations: Vec<&Organization> = std::iter::once(pair.organization.organization()).chain(source).collect();
    guard_all(tx, pair.workspace.workspace(), &organizations).await
}

/// The link that somebody makes by what they do now.
pub(crate) fn link_of(
    app: &App,
    principal: &Principal,
    account: AccountId,
    pair: &PlannedPair,
    acknowledged: Vec<String>,
) -> Link {
    let at = app.now();
    Link {
        id: LinkId(app.new_id(at)),
        workspace_id: pair.workspace.workspace().id,
        organization_id: pair.organization.organization().id,
        linked_at: at,
        origin: LinkOrigin::Person { account, plan: pair.plan.digest },
        linked_through: principal.through(),
        access_digest: pair.access_digest,
        access_version: pair.workspace.workspace().version,
        access_check: AccessCheck::Pending,
        policy: app.settings.link_policy,
        acknowledged,
        ended_at: None,
    }
}

/// What a link rests on, besides its plan.
pub(crate) struct Agreed<'a> {
    /// Who agreed, as what, to which plan.
    pub consents: Value,
    /// What it came of, when it was proposed.
    pub proposal: Option<Value>,
    pub changes_since_plan: &'a [Value],
}

/// Whoever links alone agrees for both sides.
pub(crate) fn alone(link: &Link, account: AccountId, plan_digest: Digest) -> Value {
    json!([{
        "side": Side::Both, "account": account, "through": link.linked_through, "plan_digest": plan_digest, "at": link.linked_at,
    }])
}

/// Several people agreed, each for a side.
pub(crate) fn together(given: &[Given]) -> Value {
    let one = |g: &Given| json!({ "side": g.side, "account": g.account, "through": g.through, "plan_digest": g.plan_digest, "at": g.at });
    given.iter().map(one).collect()
}

/// Keeps the link with its plan, the reason that it now is, and the event; both guard rows were taken. `Stale` when there is
/// a link already.
pub(crate) async fn make_link(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    pair: &PlannedPair,
    link: &Link,
    agreed: Agreed<'_>,
) -> Result<(), Error> {
    let (w, o) = (pair.workspace.workspace(), pair.organization.organization());
    plan::create_if_missing(tx, &pair.stored(link.linked_at)).await?;
    if let Some((active, source)) = &pair.leaves {
        leave(app, tx, actor, pair, (active, source), link.linked_at).await?;
    }
    if !link::create(tx, link).await? {
        return Err(Error::Stale);
    }
    workspace::create_reason(tx, w.id, ReasonCode::AlreadyLinked, link.linked_at).await?;
    fault::point("link.inserted");
    let mut payload = json!({
        "link": link.id,
        "workspace": { "id": w.id, "slug": w.slug },
        "organization": { "id": o.id, "slug": o.slug },
        "plan_digest": pair.plan.digest,
        "access_digest": link.access_digest,
        "access_version": link.access_version.to_string(),
        "acknowledged": link.acknowledged,
        "consents": agreed.consents,
        "changes_since_plan": agreed.changes_since_plan,
    });
    if let Some(map) = payload.as_object_mut() {
        map.extend(agreed.proposal.map(|proposal| ("proposal".to_owned(), proposal)));
        map.extend(pair.leaves.as_ref().map(|(active, source)| {
            ("moved_from".to_owned(), json!({ "link": active.id, "id": source.id, "slug": source.slug }))
        }));
    }
    let happened =
        NewEvent { kind: EventType::WorkspaceLinked, organization_id: Some(o.id), workspace_id: Some(w.id), payload };
    event::append(tx, app.origin(actor, link.linked_at), happened, Some(w.version + 1)).await?;
    fault::point("link.event");
    Ok(())
}

/// Ends the link that a workspace has, in the transaction that gives it another one: there is no moment without.
async fn leave(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    pair: &PlannedPair,
    (active, source): (&Link, &Organization),
    at: Timestamp,
) -> Result<(), Error> {
    let (w, o) = (pair.workspace.workspace(), pair.organization.organization());
    super::stage::require_only_linked(tx, active).await?;
    link::end(tx, active.id, at).await?;
    let happened = NewEvent {
        kind: EventType::WorkspaceUnlinked,
        organization_id: Some(source.id),
        workspace_id: Some(w.id),
        payload: json!({
            "link": active.id, "because": "transferred", "plan_digest": pair.plan.digest,
            "workspace": { "id": w.id, "slug": w.slug },
            "organization": { "id": source.id, "slug": source.slug, "name": source.name },
            "moved_to": { "id": o.id, "slug": o.slug, "name": o.name },
        }),
    };
    event::append(tx, app.origin(actor, at), happened, Some(w.version + 1)).await?;
    fault::point("transfer.left");
    Ok(())
}
