//! The short write of a batch: the run taken, nothing changed since it was read, links with their events.

use std::collections::HashSet;

use orglink_domain::campaign::Campaign;
use orglink_domain::campaign::automatic::{Decision, DecisionState, Fate, Target};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::id::{LinkId, OrganizationId, WorkspaceId};
use orglink_domain::link::{AccessCheck, Consent, Link, LinkOrigin, LinkPolicy};
use orglink_store::campaign::{self, Run};
use orglink_store::import::raise_versions;
use orglink_store::{Tx, event, fault, link};
use serde_json::json;

use super::organizations::make_organizations;
use super::prepare::{Prepared, Row, group_of, organization_of};
use super::{require_running, require_unchanged};
use crate::{App, Error};

/// The short write. `Stale`, with nothing kept, when anything that was read has changed.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    of: &Campaign,
    run: &Run,
    batch: &Prepared,
    at: Timestamp,
) -> Result<(), Error> {
    require_running(tx, of, run, at).await?;
    let versions: Vec<(WorkspaceId, i64)> =
        batch.rows.iter().map(|row| (row.decided.workspace_id, row.waiting.version)).collect();
    require_unchanged(tx, run, &versions, &batch.organizations).await?;
    for settled in &batch.settled {
        campaign::settle_decision(tx, run.id, settled).await?;
    }
    let Some((first, last)) = batch.rows.first().zip(batch.rows.last()) else { return Ok(()) };
    let (wave, first, last) = (first.decided.wave, first.decided.workspace_id, last.decided.workspace_id);
    let made = make_organizations(app, tx, run, batch, at).await?;
    fault::point("campaign.organizations");

    let ids: Vec<WorkspaceId> = batch.rows.iter().map(|row| row.decided.workspace_id).collect();
    raise_versions(tx, &ids).await?;
    let policy = LinkPolicy {
        consent: Consent::OnePerson,
        undo_window_seconds: run.definition.automatic.undo_window.as_seconds(),
        transfer: app.settings.link_policy.transfer,
    };
    let (mut links, mut events) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    for row in &batch.rows {
        let (organization_id, slug) = match row.decided.fate {
            Fate::Goes(Decision { target: Target::Organization(id), .. }) => {
                (id, batch.organizations.get(&id).map(|o| o.slug.as_str()))
            }
            Fate::Goes(Decision { target: Target::Group(key), .. }) => match made.get(&key) {
                Some((id, slug)) => (*id, slug.as_deref()),
                None => return Err(Error::broken("a group has no organization")),
            },
            Fate::Stays(_) => continue,
        };
        let link = Link {
            id: LinkId(app.new_id(at)),
            workspace_id: row.decided.workspace_id,
            organization_id,
            linked_at: at,
            origin: LinkOrigin::Run(run.id),
            linked_through: Through::System,
            access_digest: row.access,
            access_version: row.waiting.version,
            access_check: AccessCheck::Pending,
            policy,
            acknowledged: Vec::new(),
            ended_at: None,
        };
        events.push((linked(of, &link, row, slug, batch), Some(row.waiting.version + 1)));
        links.push(link);
        // Most are as they were decided; what was decided again is kept as it is now.
        if row.decided != row.waiting.decided {
            campaign::change_decision(tx, run.id, &row.decided).await?;
        }
    }
    link::create_all(tx, &links).await?;
    campaign::create_linked_reasons(tx, &ids, at).await?;
    campaign::mark_done(tx, run.id, wave, (first, last), DecisionState::Linked).await?;
    fault::point("campaign.linked");
    let existing: HashSet<OrganizationId> =
        batch.rows.iter().filter_map(|row| organization_of(&row.decided.fate)).collect();
    let mut touched: Vec<OrganizationId> = existing.into_iter().collect();
    let joined = batch.rows.iter().filter_map(|row| group_of(&row.decided.fate)).filter_map(|key| batch.made.get(&key));
    touched.extend(joined.copied().collect::<HashSet<_>>());
    touched.sort_unstable();
    campaign::raise_organizations(tx, run.id, &touched).await?;
    event::append_all(tx, app.origin(Actor::SYSTEM, at), &events).await?;
    fault::point("campaign.events");
    Ok(())
}

/// The event holds the whole decision: a receipt is made of it.
fn linked(of: &Campaign, link: &Link, row: &Row, organization_slug: Option<&str>, batch: &Prepared) -> NewEvent {
    let decision = match row.decided.fate {
        Fate::Goes(decision) => Some(decision),
        Fate::Stays(_) => None,
    };
    let group = group_of(&row.decided.fate);
    let others = group.and_then(|key| batch.groups.get(&key)).map_or(0, |group| (group.workspaces - 1).max(0));
    let reason = decision.map(|d| Decision::sentence(d.rule, d.evidence, others));
    NewEvent {
        kind: EventType::WorkspaceLinked,
        organization_id: Some(link.organization_id),
        workspace_id: Some(link.workspace_id),
        payload: json!({
            "link": link.id,
            "workspace": { "id": link.workspace_id, "slug": row.waiting.slug },
            "organization": { "id": link.organization_id, "slug": organization_slug },
            "campaign": { "id": of.id, "name": of.definition.name },
            "run": link.origin.run(),
            "rule": decision.map(|d| d.rule),
            "reason": reason,
            "evidence": decision.map(|d| d.evidence),
            "group": group,
            "access_digest": link.access_digest,
            "access_version": link.access_version.to_string(),
        }),
    }
}
