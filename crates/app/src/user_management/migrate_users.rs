//! Migrates: groups of the directory are made or joined, and say from then on who is in the groups of the workspace. Who can
//! do what is read again before it is kept, and compared with what it was.

use std::collections::BTreeSet;

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Side;
use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::{AccountId, DirectoryGroupId, LinkId, WorkspaceId};
use orglink_domain::user_management::{DirectoryGroup, Mapping, PlaceAccess, Proof, Way, compare, predict};
use orglink_domain::workspace::Workspace;
use orglink_policy::Standing;
use orglink_store::directory::{self, Migration};
use orglink_store::{StoreError, Tx, access, event, fault, in_write, organization, plan, stage, workspace};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::plan_users::{acknowledged, refuse_blocked, same_plan, stored};
use super::{Planned, sample};
use crate::change::WorkspaceChange;
use crate::idempotency::{Answered, Attempt};
use crate::link::{Acknowledge, require_both_roles};
use crate::{App, Error, Principal};

/// What somebody with both roles wants done.
#[derive(Debug, Clone, Serialize)]
pub struct MigrateUsers {
    pub mapping: Mapping,
    /// The plan that was shown; without one, whatever the plan is now.
    pub plan_digest: Option<Digest>,
    pub acknowledge: Acknowledge,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrated {
    pub link: LinkId,
    pub workspace: String,
    pub organization: String,
    pub plan_digest: Digest,
    pub migrated_at: Timestamp,
    pub proof: Proof,
}

/// Who agreed, for the event.
pub(crate) struct Agreed {
    pub by: AccountId,
    pub consents: Value,
    pub acknowledged: Vec<String>,
    pub proposal: Option<Value>,
}

/// Migrates the users of a workspace, for somebody who administers it and its organization.
///
/// # Errors
/// `NotFound`; `not_linked`; every blocker; `would_widen`, naming whom and what; `plan_changed` with the differences;
/// `warnings_not_acknowledged`; `second_person_required` where the installation wants two people; a refusal for whoever lacks
/// one of the roles: propose it.
pub async fn migrate_users(
    app: &App,
    principal: &Principal,
    reference: &str,
    request: &MigrateUsers,
    idempotency_key: Option<&str>,
) -> Result<Answered<Migrated>, Error> {
    let me = principal.account()?.id;
    let attempt = Attempt::new(principal, "migrate_users", idempotency_key, &(reference, request))?;
    let answered: Answered<Migrated> = in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let planned = Planned::read(app, tx, principal, reference, &request.mapping).await?;
        let (w, o) = (&planned.workspace, &planned.organization);
        let is_unclaimed = o.is_unclaimed();
        let standing = Standing { workspace: w.role(), organization: o.role(), is_unclaimed, ..principal.standing() };
        require_both_roles(app, standing)?;
        if !app.settings.links_alone() {
            return Err(Error::refused(
                "second_person_required",
                "It takes somebody else",
                "In this installation nobody decides this alone: propose it, and the other side agrees.",
            ));
        }
        refuse_blocked(app, &planned)?;
        same_plan(tx, request.plan_digest, &planned).await?;
        let acknowledged = acknowledged(&request.acknowledge, &planned)?;
        let at = app.now();
        let consents = json!([{
            "side": Side::Both, "account": me, "through": principal.through(), "plan_digest": planned.plan.digest, "at": at,
        }]);
        let agreed = Agreed { by: me, consents, acknowledged, proposal: None };
        let migrated = migrate(app, tx, principal, &planned, agreed).await?;
        attempt.keep(tx, &migrated, at).await
    })?;
    fault::point("users.committed");
    app.feed.poke();
    Ok(answered)
}

/// Whose guard row is taken, in the order of ids.
enum Guard {
    Here,
    Organization,
    Other(WorkspaceId),
}

/// Does it, in a transaction of whoever agreed last; nothing stands in the way, and everybody has agreed to this plan.
pub(crate) async fn migrate(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    planned: &Planned,
    agreed: Agreed,
) -> Result<Migrated, Error> {
    let (facts, at) = (&planned.facts, app.now());
    let (w, o) = (&facts.workspace, &facts.organization);
    let mut guards = vec![(w.id.0, Guard::Here), (o.id.0, Guard::Organization)];
    guards.extend(facts.others.iter().map(|p| (p.workspace.0, Guard::Other(p.workspace))));
    guards.sort_unstable_by_key(|(id, _)| *id);
    let mut others = Vec::new();
    for (_, guard) in guards {
        let is_ours = match guard {
            Guard::Here => workspace::guard(tx, w.id, w.version).await?,
            Guard::Organization => organization::guard(tx, o.id, o.version).await?,
            Guard::Other(id) => {
                let of = (id, &planned.organization);
                others.push(WorkspaceChange::by_directory(app, tx, principal, of).await?);
                true
            }
        };
        if !is_ours {
            return Err(StoreError::Conflict.into());
        }
    }
    let explained = sample::explain(tx, planned).await?;
    let access_before = access::compute_digest(tx, w.id).await?;
    attach(app, tx, planned, at).await?;
    fault::point("users.attached");
    let (before, predicted) = (places(facts), predict(facts, &planned.plan.ways));
    let mut after = Vec::new();
    for place in &before {
        after.push(directory::find_access(tx, place.workspace, &place.slug).await?);
    }
    let proof = compare(&before, &after);
    if !proof.widenings.is_empty() || !is_as_predicted(&predicted, &after) {
        return Err(Error::broken("a users migration did not do what its plan says"));
    }
    if sample::explain(tx, planned).await? != explained {
        return Err(Error::broken("access was not the same for somebody after their migration"));
    }
    let access_after = access::compute_digest(tx, w.id).await?;
    if !stage::migrate_users(tx, facts.link, at).await? {
        return Err(StoreError::Conflict.into());
    }
    plan::create_if_missing(tx, &stored(app, planned)).await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let migration = Migration {
        link_id: facts.link,
        migrated_at: at,
        migrated_by: agreed.by,
        plan_digest: planned.plan.digest,
        places: count(proof.places),
        people: count(proof.people),
        classes: count(proof.classes),
        proof_digest: proof.digest,
        access_digest: access_after,
    };
    directory::create_migration(tx, &migration).await?;
    for change in others {
        tell_other(app, tx, principal, change, (&before, &after)).await?;
    }
    let mut payload = json!({
        "link": facts.link,
        "workspace": { "id": w.id, "slug": w.slug },
        "organization": { "id": o.id, "slug": o.slug },
        "plan_digest": planned.plan.digest,
        "acknowledged": agreed.acknowledged,
        "consents": agreed.consents,
        "access": { "before": access_before, "after": access_after },
        "proof": {
            "places": proof.places.to_string(), "people": proof.people.to_string(), "classes": proof.classes.to_string(),
            "digest": proof.digest,
        },
    });
    if let (Some(map), Some(proposal)) = (payload.as_object_mut(), agreed.proposal) {
        map.insert("proposal".to_owned(), proposal);
    }
    let happened = NewEvent {
        kind: EventType::WorkspaceUsersMigrated,
        organization_id: Some(o.id),
        workspace_id: Some(w.id),
        payload,
    };
    event::append(tx, app.origin(principal.actor(), at), happened, Some(w.version + 1)).await?;
    fault::point("users.event");
    let (workspace, organization) = (w.slug.clone(), o.slug.clone());
    Ok(Migrated { link: facts.link, workspace, organization, plan_digest: planned.plan.digest, migrated_at: at, proof })
}

/// Makes or joins the groups of the directory, and attaches those of the workspace.
async fn attach(app: &App, tx: &mut Tx, planned: &Planned, at: Timestamp) -> Result<(), Error> {
    let mut joined = BTreeSet::new();
    for way in &planned.plan.ways {
        let to = match &way.way {
            Way::New { slug, name } => {
                let id = DirectoryGroupId(app.new_id(at));
                let group = DirectoryGroup { id, slug: slug.clone(), name: name.clone() };
                if !directory::create(tx, planned.facts.organization.id.into(), &group, at).await? {
                    return Err(StoreError::Conflict.into());
                }
                id
            }
            Way::Into(id) => {
                joined.insert(*id);
                *id
            }
        };
        directory::attach(tx, way.group, to).await?;
    }
    for id in joined {
        directory::write_through(tx, id).await?;
    }
    Ok(())
}

fn places(facts: &orglink_domain::user_management::UsersFacts) -> Vec<PlaceAccess> {
    std::iter::once(&facts.here).chain(&facts.others).cloned().collect()
}

/// Whether every group has the members that the plan said.
fn is_as_predicted(predicted: &[PlaceAccess], after: &[PlaceAccess]) -> bool {
    predicted.len() == after.len()
        && predicted.iter().zip(after).all(|(plan, is)| {
            plan.groups.len() == is.groups.len()
                && plan.groups.iter().all(|g| is.group(g.group.id).is_some_and(|now| now.members == g.members))
        })
}

/// What a merge changed in another workspace: an event there, with its own version and last admin.
async fn tell_other(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    change: WorkspaceChange,
    (before, after): (&[PlaceAccess], &[PlaceAccess]),
) -> Result<(), Error> {
    let of = |places: &[PlaceAccess], w: &Workspace| places.iter().find(|p| p.workspace == w.id).cloned();
    let (Some(was), Some(is)) = (of(before, change.workspace()), of(after, change.workspace())) else {
        return Err(Error::broken("a workspace vanished while users migrated"));
    };
    let mut what = Vec::new();
    for group in &is.groups {
        let had = was.group(group.group.id).map(|g| g.members.clone()).unwrap_or_default();
        for account in group.members.difference(&had) {
            what.push(json!({ "change": "member_added", "user_group": group.group.slug, "account": account }));
        }
    }
    change.finish(app, tx, principal, what.into()).await?;
    Ok(())
}
