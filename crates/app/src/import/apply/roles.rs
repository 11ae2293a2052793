//! Roles on organizations, sites and apps.

use orglink_domain::event::Actor;
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_store::import::RoleTarget;
use orglink_store::{Tx, import as bulk};
use serde_json::json;

use super::{Applying, Outcome, folded};
use crate::Error;
use crate::record::{RecordType, RoleRecord};

impl Applying<'_> {
    pub(super) async fn roles(&mut self, tx: &mut Tx, actor: Actor) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, RoleRecord)> = self.next(RecordType::Role, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.know_accounts(tx, folded(records.iter().map(|(_, r)| &r.account))).await?;
            for (line, record) in &records {
                let (organization, target) = self.target(tx, *line, record).await?;
                let account = self.account(*line, &record.account)?;
                let is_new = bulk::grant_role(tx, &target, account, &record.role).await?;
                if is_new {
                    let (kind, place) = record.target().unwrap_or_default();
                    let change = json!({ "by": "import", "change": "role_granted", "on": kind, "name": place, "account": account, "role": record.role });
                    self.organization_changed(tx, actor, organization, change).await?;
                }
                self.count(RecordType::Role, if is_new { Outcome::Created } else { Outcome::Unchanged });
            }
        }
    }

    async fn target(&self, tx: &mut Tx, line: i64, record: &RoleRecord) -> Result<(OrganizationId, RoleTarget), Error> {
        match record.target() {
            Some(("organization", slug)) => {
                let found = bulk::find_organizations(tx, &[fold(slug)]).await?.into_iter().next();
                found
                    .map(|o| (o.id, RoleTarget::Organization(o.id)))
                    .ok_or_else(|| self.gone(line, "organization", slug))
            }
            Some((_, target)) => {
                let (slug, product) = target.split_once('/').map_or((target, None), |(s, p)| (s, Some(p)));
                let site = bulk::find_site(tx, &fold(slug)).await?;
                let site = site.ok_or_else(|| self.gone(line, "site", slug))?;
                match product {
                    None => Ok((site.organization_id, RoleTarget::Site(site.id))),
                    Some(product) if site.products.iter().any(|p| p == product) => {
                        Ok((site.organization_id, RoleTarget::App(site.id, product.to_owned())))
                    }
                    Some(product) => Err(self.bad(line, format!("the site '{slug}' does not carry '{product}'"))),
                }
            }
            None => Err(self.bad(line, "a role is on exactly one of: organization, site, app".to_owned())),
        }
    }
}
