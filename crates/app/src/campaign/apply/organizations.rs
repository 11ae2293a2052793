//! Makes the organizations of groups that have none yet: unclaimed, with exactly the workspace's active admins.

use std::collections::{HashMap, HashSet};

use orglink_domain::campaign::automatic::GroupKey;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_store::campaign::{self, Run};
use orglink_store::import::{OrganizationState, create_organizations};
use orglink_store::{Tx, event};
use serde_json::json;

use super::prepare::{Prepared, group_of};
use crate::{App, Error};

/// Makes the organizations of groups that have none yet; by group, with their slugs.
pub(super) async fn make_organizations(
    app: &App,
    tx: &mut Tx,
    run: &Run,
    batch: &Prepared,
    at: Timestamp,
) -> Result<HashMap<GroupKey, (OrganizationId, Option<String>)>, Error> {
    let mut of: HashMap<GroupKey, (OrganizationId, Option<String>)> =
        batch.made.iter().map(|(key, id)| (*key, (*id, None))).collect();
    let mut new: Vec<(GroupKey, OrganizationState)> = Vec::new();
    for row in &batch.rows {
        let Some(key) = group_of(&row.decided.fate) else { continue };
        if of.contains_key(&key) {
            continue;
        }
        let (name, slug) = match batch.groups.get(&key) {
            Some(group) => (group.name.clone(), group.slug.clone()),
            None => (row.waiting.name.clone(), row.waiting.slug.clone()),
        };
        let id = OrganizationId(app.new_id(at));
        of.insert(key, (id, None));
        let organization = Organization {
            id,
            slug,
            name,
            user_management: UserManagement::Centralized,
            link_quota: None,
            identity_provider: None,
            version: 1,
            created_at: at,
        };
        new.push((key, OrganizationState { organization, admins: row.admins.clone(), domains: vec![] }));
    }
    choose_slugs(tx, &mut new).await?;
    let mut events = Vec::with_capacity(new.len());
    for (key, state) in &new {
        let o = &state.organization;
        of.insert(*key, (o.id, Some(o.slug.clone())));
        let payload = json!({ "by": "campaign", "slug": o.slug, "name": o.name, "admins": state.admins });
        let kind = EventType::OrganizationCreated;
        events.push((NewEvent { kind, organization_id: Some(o.id), workspace_id: None, payload }, None));
    }
    let (keys, states): (Vec<_>, Vec<_>) = new.into_iter().map(|(key, s)| ((key, s.organization.id), s)).unzip();
    create_organizations(tx, &states).await?;
    campaign::create_organizations(tx, run.id, &keys).await?;
    event::append_all(tx, app.origin(Actor::SYSTEM, at), &events).await?;
    Ok(of)
}

/// Gives every new organization a slug that nobody has: its own, or with a number behind it.
async fn choose_slugs(tx: &mut Tx, new: &mut [(GroupKey, OrganizationState)]) -> Result<(), Error> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut open: Vec<usize> = (0..new.len()).collect();
    let bases: Vec<String> = new.iter().map(|(_, s)| s.organization.slug.chars().take(90).collect()).collect();
    for number in 1_u32.. {
        let named = |place: usize| -> Option<String> {
            let base = bases.get(place)?;
            Some(if number == 1 { base.clone() } else { format!("{base}-{number}") })
        };
        let wanted: Vec<String> = open.iter().filter_map(|place| named(*place)).map(|slug| fold(&slug)).collect();
        taken.extend(campaign::find_taken_slugs(tx, &wanted).await?);
        let mut again = Vec::new();
        for place in open {
            let Some(slug) = named(place) else { continue };
            if taken.insert(fold(&slug)) {
                if let Some((_, state)) = new.get_mut(place) {
                    state.organization.slug = slug;
                }
            } else {
                again.push(place);
            }
        }
        open = again;
        if open.is_empty() {
            break;
        }
    }
    Ok(())
}
