//! Organizations with their admins and verified domains.

use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_store::{Tx, event, import as bulk, organization};
use serde_json::json;

use super::{Applying, Outcome, folded};
use crate::Error;
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
            for (line, record) in &records {
                let outcome = self.organization(tx, *line, record, actor).await?;
                self.count(RecordType::Organization, outcome);
            }
        }
    }

    async fn organization(
        &mut self,
        tx: &mut Tx,
        line: i64,
        record: &OrganizationRecord,
        actor: Actor,
    ) -> Result<Outcome, Error> {
        let admins = self.account_ids(line, &record.admins)?;
        let stored = bulk::find_organizations(tx, &[fold(&record.slug)]).await?.into_iter().next();
        let (organization, kind, outcome) = match stored {
            None => {
                let made = Organization {
                    id: OrganizationId(self.app.new_id(self.at)),
                    slug: record.slug.clone(),
                    name: record.name.clone(),
                    user_management: record.user_management.unwrap_or(UserManagement::Centralized),
                    link_quota: record.link_quota,
                    identity_provider: record.identity_provider.clone(),
                    version: 1,
                    created_at: self.at,
                };
                organization::create(tx, &made).await?;
                bulk::replace_admins(tx, made.id, &admins).await?;
                let domains = folded_domains(record.verified_domains.as_deref().unwrap_or_default());
                bulk::replace_domains(tx, made.id, &domains).await?;
                (made, EventType::OrganizationCreated, Outcome::Created)
            }
            Some(before) => {
                let after = Organization {
                    name: record.name.clone(),
                    user_management: record.user_management.unwrap_or(before.user_management),
                    link_quota: record.link_quota.or(before.link_quota),
                    identity_provider: record.identity_provider.clone().or_else(|| before.identity_provider.clone()),
                    ..before.clone()
                };
                let admins_before = organization::list_admin_ids(tx, before.id).await?;
                let domains_before = organization::list_domains(tx, before.id).await?;
                let domains = record.verified_domains.as_deref().map(folded_domains);
                if admins.is_empty() && !admins_before.is_empty() {
                    let detail = format!("this would take away the last admin of the organization '{}'", before.slug);
                    return Err(self.bad(line, detail));
                }
                let same_domains = domains.as_ref().is_none_or(|d| *d == domains_before);
                if after == before && admins == admins_before && same_domains {
                    return Ok(Outcome::Unchanged);
                }
                bulk::change_organization(tx, &after).await?;
                if admins != admins_before {
                    bulk::replace_admins(tx, before.id, &admins).await?;
                }
                if let Some(domains) = domains.filter(|d| *d != domains_before) {
                    bulk::replace_domains(tx, before.id, &domains).await?;
                }
                (after, EventType::OrganizationChanged, Outcome::Changed)
            }
        };
        let happened = NewEvent {
            kind,
            organization_id: Some(organization.id),
            workspace_id: None,
            payload: json!({ "by": "import", "slug": organization.slug, "name": organization.name, "admins": admins }),
        };
        event::append(tx, self.app.origin(actor, self.at), happened, None).await?;
        Ok(outcome)
    }
}

/// Domains folded, sorted, each once.
fn folded_domains(domains: &[String]) -> Vec<String> {
    let mut folded: Vec<String> = domains.iter().map(|d| fold(d)).collect();
    folded.sort_unstable();
    folded.dedup();
    folded
}
