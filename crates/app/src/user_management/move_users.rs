//! Moves the users of workspaces into directories, inside a transaction of whoever decided it: one workspace, or a batch of a campaign. Groups
//! are made or joined and attached; who can do what is read again and compared with what it was, for each.

use std::collections::BTreeSet;

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::{DirectoryGroupId, OrganizationId, WorkspaceId};
use orglink_domain::user_management::{
    DirectoryGroup, PlaceAccess, Proof, UsersFacts, UsersPlan, Way, compare, predict,
};
use orglink_store::directory::{self, MigratedBy, Migration};
use orglink_store::{StoreError, Tx, access, fault, plan, stage};
use serde_json::{Value, json};

use super::plan_users::stored;
use crate::{App, Error};

/// One workspace whose users are to migrate, by a plan that everybody has agreed to and that nothing stands in the way of.
pub(crate) struct Move<'a> {
    pub facts: &'a UsersFacts,
    pub plan: &'a UsersPlan,
    pub salt: [u8; 32],
}

/// What came of it.
pub(crate) struct Moved {
    pub proof: Proof,
    /// The access digest of the workspace, before and after.
    pub access: (Digest, Digest),
    /// Who can do what now, in the workspace and in those that its groups were merged with.
    pub places: Vec<PlaceAccess>,
}

impl Move<'_> {
    /// The workspace itself first.
    pub(super) fn places(&self) -> Vec<PlaceAccess> {
        std::iter::once(&self.facts.here).chain(&self.facts.others).cloned().collect()
    }

    /// What happened, besides who agreed to it.
    pub(crate) fn event(&self, moved: &Moved, agreed: Value) -> NewEvent {
        let (facts, proof) = (self.facts, &moved.proof);
        let (w, o) = (&facts.workspace, &facts.organization);
        let mut payload = json!({
            "link": facts.link,
            "workspace": { "id": w.id, "slug": w.slug },
            "organization": { "id": o.id, "slug": o.slug },
            "plan_digest": self.plan.digest,
            "access": { "before": moved.access.0, "after": moved.access.1 },
            "proof": {
                "places": proof.places.to_string(), "people": proof.people.to_string(), "classes": proof.classes.to_string(),
                "digest": proof.digest,
            },
        });
        if let (Some(map), Value::Object(agreed)) = (payload.as_object_mut(), agreed) {
            map.extend(agreed);
        }
        let (organization_id, workspace_id) = (Some(o.id), Some(w.id));
        NewEvent { kind: EventType::WorkspaceUsersMigrated, organization_id, workspace_id, payload }
    }
}

/// Moves them; whoever calls it holds the guard rows, and appends the events. Nothing is to be kept when it fails.
///
/// # Errors
/// `access_would_change`, naming the workspace, when somebody could do more or less afterwards than before.
pub(crate) async fn move_users(
    app: &App,
    tx: &mut Tx,
    moves: &[Move<'_>],
    by: MigratedBy,
    at: Timestamp,
) -> Result<Vec<Moved>, Error> {
    let salted: Vec<(WorkspaceId, [u8; 32])> = moves.iter().map(|m| (m.facts.workspace.id, m.salt)).collect();
    let before = access::compute_digests(tx, &salted).await?;
    attach(app, tx, moves, at).await?;
    fault::point("users.attached");
    let after = access::compute_digests(tx, &salted).await?;
    let named: Vec<(WorkspaceId, &str)> = moves
        .iter()
        .flat_map(|m| std::iter::once(&m.facts.here).chain(&m.facts.others))
        .map(|p| (p.workspace, p.slug.as_str()))
        .collect();
    let mut read = directory::list_access(tx, &named).await?.into_iter();
    let mut moved = Vec::with_capacity(moves.len());
    for m in moves {
        let (was, w) = (m.places(), &m.facts.workspace);
        let places: Vec<PlaceAccess> = read.by_ref().take(was.len()).collect();
        let proof = compare(&was, &places);
        let digests = before.get(&w.id).copied().zip(after.get(&w.id).copied());
        let digests = digests.ok_or_else(|| Error::broken("a workspace has no access digest"))?;
        // Where nothing is merged, nothing at all is different.
        let is_same = digests.0 == digests.1 || m.plan.ways.iter().any(|way| matches!(way.way, Way::Into(_)));
        if !proof.widenings.is_empty() || !is_same || !is_as_predicted(&predict(m.facts, &m.plan.ways), &places) {
            return Err(access_would_change(&w.slug));
        }
        moved.push(Moved { proof, access: digests, places });
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut migrations = Vec::with_capacity(moves.len());
    for (m, done) in moves.iter().zip(&moved) {
        if !stage::migrate_users(tx, m.facts.link, at).await? {
            return Err(StoreError::Conflict.into());
        }
        plan::create_if_missing(tx, &stored(app, m.facts, m.plan)).await?;
        migrations.push(Migration {
            link_id: m.facts.link,
            migrated_at: at,
            by,
            plan_digest: m.plan.digest,
            places: count(done.proof.places),
            people: count(done.proof.people),
            classes: count(done.proof.classes),
            proof_digest: done.proof.digest,
            access_digest: done.access.1,
        });
    }
    directory::create_migrations(tx, &migrations).await?;
    fault::point("users.moved");
    Ok(moved)
}

/// The proof failed: something inside is wrong, of this workspace.
pub(crate) fn access_would_change(slug: &str) -> Error {
    Error::refused(
        "access_would_change",
        "Access would not be the same",
        format!(
            "Who can do what in {slug} would not be afterwards what its plan says. Nothing was done; tell the operator."
        ),
    )
}

/// Makes or joins the groups of the directories, and attaches those of the workspaces.
async fn attach(app: &App, tx: &mut Tx, moves: &[Move<'_>], at: Timestamp) -> Result<(), Error> {
    let (mut made, mut pairs, mut joined) =
        (Vec::<(OrganizationId, DirectoryGroup)>::new(), Vec::new(), BTreeSet::new());
    for m in moves {
        for way in &m.plan.ways {
            let to = match &way.way {
                Way::New { slug, name } => {
                    let id = DirectoryGroupId(app.new_id(at));
                    let group = DirectoryGroup { id, slug: slug.clone(), name: name.clone() };
                    made.push((m.facts.organization.id, group));
                    id
                }
                Way::Into(id) => {
                    joined.insert(*id);
                    *id
                }
            };
            pairs.push((way.group, to));
        }
    }
    directory::create_all(tx, &made, at).await?;
    directory::attach_all(tx, &pairs).await?;
    for id in joined {
        directory::write_through(tx, id).await?;
    }
    Ok(())
}

/// Whether every group has the members that the plan said.
fn is_as_predicted(predicted: &[PlaceAccess], after: &[PlaceAccess]) -> bool {
    predicted.len() == after.len()
        && predicted.iter().zip(after).all(|(plan, is)| {
            plan.groups.len() == is.groups.len()
                && plan.groups.iter().all(|g| is.group(g.group.id).is_some_and(|now| now.members == g.members))
        })
}
