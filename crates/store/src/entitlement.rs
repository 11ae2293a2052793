//! What features look at: a few facts of a workspace, since when, and the switches of its organization.

use orglink_domain::clock::Timestamp;
use orglink_domain::entitlement::{FeatureFacts, Since, Stage, SwitchState};
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, can_be_stored, word};
use crate::{StoreError, Tx};

type Row = (
    Uuid,
    String,
    String,
    String,
    String,
    Time,
    Option<Time>,
    Option<Time>,
    Option<Time>,
    Option<Uuid>,
    Option<Time>,
    Option<Time>,
    Option<Time>,
    Option<Time>,
);

/// A workspace as features see it.
#[derive(Debug, Clone)]
pub struct Entitled {
    pub workspace: WorkspaceId,
    /// Its slug, folded.
    pub slug: String,
    /// Where it is linked, if it is.
    pub organization: Option<OrganizationId>,
    /// Without the organization's switches: those are its own, and the same for all its workspaces.
    pub facts: FeatureFacts,
}

/// By slug, or by id. Not on anybody's behalf: whoever asks was let in before.
pub async fn find(tx: &mut Tx, reference: &str) -> Result<Option<Entitled>, StoreError> {
    let row = match Uuid::try_parse(reference) {
        Ok(id) => fetch_optional!(tx, sql!("entitlement/find"), Row, id)?,
        Err(_) if !can_be_stored(reference) => None,
        Err(_) => fetch_optional!(tx, sql!("entitlement/find_by_slug"), Row, fold(reference))?,
    };
    row.map(from_row).transpose()
}

fn from_row(row: Row) -> Result<Entitled, StoreError> {
    let (
        id,
        slug,
        kind,
        plan,
        cycle,
        created_at,
        kind_since,
        plan_since,
        cycle_since,
        organization,
        linked,
        billing,
        users,
        ended,
    ) = row;
    let since = |at: Option<Time>| Some(at.unwrap_or(created_at).0);
    let stage = match (organization, billing, users) {
        (None, ..) => Stage::Unlinked,
        (_, _, Some(_)) => Stage::UsersMigrated,
        (_, Some(_), None) => Stage::BillingMigrated,
        _ => Stage::Linked,
    };
    Ok(Entitled {
        workspace: WorkspaceId(id),
        slug,
        organization: organization.map(OrganizationId),
        facts: FeatureFacts {
            stage,
            kind: word(&kind, "workspace", "kind", id)?,
            plan: word(&plan, "workspace", "plan", id)?,
            billing_cycle: word(&cycle, "workspace", "billing_cycle", id)?,
            switches: Vec::new(),
            since: Since {
                link: since(linked.or(ended)),
                billing_migrated: billing.map(|at| at.0),
                users_migrated: users.map(|at| at.0),
                kind: since(kind_since),
                plan: since(plan_since),
                billing_cycle: since(cycle_since),
            },
        },
    })
}

/// The switches of an organization that somebody has turned, by name.
pub async fn list_switches(tx: &mut Tx, id: OrganizationId) -> Result<Vec<SwitchState>, StoreError> {
    let rows = fetch_all!(tx, sql!("entitlement/list_switches"), (String, bool, Time), id.0)?;
    Ok(rows.into_iter().map(|(name, is_on, since)| SwitchState { name, is_on, since: since.0 }).collect())
}

pub async fn turn_switch(
    tx: &mut Tx,
    id: OrganizationId,
    name: &str,
    is_on: bool,
    at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, sql!("entitlement/turn_switch"), id.0, name, is_on, Time(at))?;
    Ok(())
}
