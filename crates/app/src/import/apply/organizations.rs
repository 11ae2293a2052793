//! Organizations with their admins and verified domains.

use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_store::import::OrganizationState;
use orglink_store::{Tx, event, import as bulk};
use serde_json::{Value, json};

use super::{Applying, Outcome, folded};
use crate::Error;
use crate::directory::settle;
use crate::record::{OrganizationRecord, RecordType};

impl Applying<'_> {
    pub(super) async fn organizations(&mut self, tx: &mut Tx, actor: Actor) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, OrganizationRecord)> = self.next(RecordType::Organization, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.know_accounts(tx, folded(records.iter().flat_map(|(_, r)| &r.admins))).await?;
            let keys: Vec<String> = records.iter().map(|(_, r)| fold(&r.slug)).collect();
            let mut stored = bulk::find_organization_states(tx, &keys).await?;
            let (mut created, mut events) = (Vec::new(), Vec::new());
            for ((line, record), key) in records.iter().zip(&keys) {
                let before = stored.remove(key);
                let after = self.organization_state(*line, record, before.as_ref())?;
                let (kind, outcome) = match &before {
                    None => (EventType::OrganizationCreated, Outcome::Created),
                    Some(before) if *before == after => (EventType::OrganizationChanged, Outcome::Unchanged),
                    Some(_) => (EventType::OrganizationChanged, Outcome::Changed),
                };
                self.count(RecordType::Organization, outcome);
                if outcome == Outcome::Unchanged {
                    continue;
                }
                let mut payload = happened(&after);
                if let Some(before) = &before {
                    bulk::change_organization(tx, before, &after).await?;
                    self.change_user_management(*line, tx, (before, &after), &mut payload).await?;
                }
                events.push((event_of(kind, &after, payload), None));
                if before.is_none() {
                    created.push(after);
                }
            }
            bulk::create_organizations(tx, &created).await?;
            event::append_all(tx, self.app.origin(actor, self.at), &events).await?;
        }
    }

    /// What it means for the directories that people are managed elsewhere now.
    async fn change_user_management(
        &self,
        line: i64,
        tx: &mut Tx,
        (before, after): (&OrganizationState, &OrganizationState),
        payload: &mut Value,
    ) -> Result<(), Error> {
        let (before, to) = (&before.organization, after.organization.user_management);
        if before.user_management == to {
            return Ok(());
        }
        let changes = settle(tx, before, to).await.map_err(|e| match e {
            Error::Refused(refusal) => self.bad(line, refusal.detail),
            other => other,
        })?;
        if let Some(fields) = payload.as_object_mut() {
            fields.insert("changes".to_owned(), changes.into());
        }
        Ok(())
    }

    fn organization_state(
        &self,
        line: i64,
        record: &OrganizationRecord,
        before: Option<&OrganizationState>,
    ) -> Result<OrganizationState, Error> {
        let old = before.map(|b| &b.organization);
        let admins = self.account_ids(line, &record.admins)?;
        if let Some(before) = before.filter(|b| admins.is_empty() && !b.admins.is_empty()) {
            let slug = &before.organization.slug;
            let detail = format!("this would take away the last admin of the organization '{slug}'");
            return Err(self.bad(line, detail));
        }
        let domains = record.verified_domains.as_deref().map(folded_domains);
        Ok(OrganizationState {
            organization: Organization {
                id: old.map_or_else(|| OrganizationId(self.app.new_id(self.at)), |o| o.id),
                slug: old.map_or_else(|| record.slug.clone(), |o| o.slug.clone()),
                name: record.name.clone(),
                user_management: record
                    .user_management
                    .or(old.map(|o| o.user_management))
                    .unwrap_or(UserManagement::Centralized),
                link_quota: record.link_quota.or(old.and_then(|o| o.link_quota)),
                identity_provider: record
                    .identity_provider
                    .clone()
                    .or_else(|| old.and_then(|o| o.identity_provider.clone())),
                version: old.map_or(1, |o| o.version),
                created_at: old.map_or(self.at, |o| o.created_at),
            },
            admins,
            domains: domains.or_else(|| before.map(|b| b.domains.clone())).unwrap_or_default(),
        })
    }
}

fn happened(state: &OrganizationState) -> Value {
    let OrganizationState { organization: o, admins, .. } = state;
    json!({ "by": "import", "slug": o.slug, "name": o.name, "admins": admins })
}

fn event_of(kind: EventType, state: &OrganizationState, payload: Value) -> NewEvent {
    NewEvent { kind, organization_id: Some(state.organization.id), workspace_id: None, payload }
}

/// Domains folded, sorted, each once.
fn folded_domains(domains: &[String]) -> Vec<String> {
    let mut folded: Vec<String> = domains.iter().map(|d| fold(d)).collect();
    folded.sort_unstable();
    folded.dedup();
    folded
}
