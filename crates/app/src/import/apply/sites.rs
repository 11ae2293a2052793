//! Sites with products, admins and integrations.

use orglink_domain::event::Actor;
use orglink_domain::id::SiteId;
use orglink_domain::name::fold;
use orglink_store::import::SiteState;
use orglink_store::{Tx, import as bulk};
use serde_json::json;

use super::{Applying, Outcome, folded};
use crate::Error;
use crate::record::{RecordType, SiteRecord};

impl Applying<'_> {
    pub(super) async fn sites(&mut self, tx: &mut Tx, actor: Actor) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, SiteRecord)> = self.next(RecordType::Site, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.know_accounts(tx, folded(records.iter().flat_map(|(_, r)| r.admins.iter().flatten()))).await?;
            let workspaces = records.iter().flat_map(|(_, r)| r.integrations.iter().flatten().map(|i| &i.workspace));
            self.know_workspaces(tx, folded(workspaces)).await?;
            for (line, record) in &records {
                let outcome = self.site(tx, actor, *line, record).await?;
                self.count(RecordType::Site, outcome);
            }
        }
    }

    async fn site(&mut self, tx: &mut Tx, actor: Actor, line: i64, record: &SiteRecord) -> Result<Outcome, Error> {
        let organization = bulk::find_organizations(tx, &[fold(&record.organization)])
            .await?
            .into_iter()
            .next()
            .ok_or_else(|| self.gone(line, "organization", &record.organization))?;
        let stored = bulk::find_site(tx, &fold(&record.slug)).await?;
        if stored.as_ref().is_some_and(|s| s.organization_id != organization.id) {
            return Err(self.bad(line, format!("the site '{}' belongs to another organization", record.slug)));
        }
        let mut products = record.products.clone();
        products.sort_unstable();
        products.dedup();
        let admins = match (&record.admins, &stored) {
            (Some(given), _) => self.account_ids(line, given)?,
            (None, Some(before)) => before.admins.clone(),
            (None, None) => Vec::new(),
        };
        let integrations = match (&record.integrations, &stored) {
            (Some(given), _) => {
                let mut found = Vec::with_capacity(given.len());
                for integration in given {
                    found.push((integration.product.clone(), self.workspace(line, &integration.workspace)?.id));
                }
                found.sort_unstable();
                found.dedup();
                found
            }
            (None, Some(before)) => before.integrations.clone(),
            (None, None) => Vec::new(),
        };
        let id = stored.as_ref().map_or_else(|| SiteId(self.app.new_id(self.at)), |s| s.id);
        let after = SiteState { id, organization_id: organization.id, products, admins, integrations };
        if after.admins.is_empty() && stored.as_ref().is_some_and(|s| !s.admins.is_empty()) {
            let detail = format!("this would take away the last admin of the site '{}'", record.slug);
            return Err(self.bad(line, detail));
        }
        match stored {
            Some(before) if before == after => return Ok(Outcome::Unchanged),
            Some(_) => {}
            None => bulk::create_site(tx, id, organization.id, &record.slug, self.at).await?,
        }
        bulk::replace_site(tx, &after).await?;
        let change = json!({ "by": "import", "change": "site_changed", "site": record.slug, "products": after.products, "admins": after.admins });
        self.organization_changed(tx, actor, organization.id, change).await?;
        Ok(if stored.is_some() { Outcome::Changed } else { Outcome::Created })
    }
}
