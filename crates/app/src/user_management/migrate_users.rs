//! Migrates: groups of the directory are made or joined, and say from then on who is in the groups of the workspace. Who can
//! do what is read again before it is kept, and compared with what it was.

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Side;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, LinkId, WorkspaceId};
use orglink_domain::user_management::{Mapping, PlaceAccess, Proof};
use orglink_domain::workspace::Workspace;
use orglink_policy::Standing;
use orglink_store::directory::MigratedBy;
use orglink_store::{StoreError, Tx, event, fault, in_write, organization, workspace};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::move_users::{Move, access_would_change, move_users};
use super::plan_users::{acknowledged, refuse_blocked, same_plan};
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
        let acknowledged = acknowledged(&request.acknowledge, &planned.plan.warnings)?;
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
    let explained = sample::explain(tx, w.id, &facts.here).await?;
    let one = Move { facts, plan: &planned.plan, salt: workspace::find_salt(tx, w.id).await? };
    let moved = move_users(app, tx, std::slice::from_ref(&one), MigratedBy::Account(agreed.by), at).await?;
    let Some(moved) = moved.into_iter().next() else { return Err(Error::broken("a users migration came to nothing")) };
    if sample::explain(tx, w.id, &facts.here).await? != explained {
        return Err(access_would_change(&w.slug));
    }
    let before = one.places();
    for change in others {
        tell_other(app, tx, principal, change, (&before, &moved.places)).await?;
    }
    let mut said = json!({ "acknowledged": agreed.acknowledged, "consents": agreed.consents });
    if let (Some(map), Some(proposal)) = (said.as_object_mut(), agreed.proposal) {
        map.insert("proposal".to_owned(), proposal);
    }
    event::append(tx, app.origin(principal.actor(), at), one.event(&moved, said), Some(w.version + 1)).await?;
    fault::point("users.event");
    let (workspace, organization) = (w.slug.clone(), o.slug.clone());
    let (plan_digest, proof) = (planned.plan.digest, moved.proof);
    Ok(Migrated { link: facts.link, workspace, organization, plan_digest, migrated_at: at, proof })
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
