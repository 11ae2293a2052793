//! Subscriptions, and the bills of the time before billing migrates.

use std::collections::HashSet;

use orglink_domain::id::WorkspaceId;
use orglink_domain::money::Amount;
use orglink_store::billing::Invoice;
use orglink_store::import::SubscriptionState;
use orglink_store::{Tx, import as bulk};
use serde_json::json;

use super::{Applying, Outcome, folded};
use crate::Error;
use crate::record::{InvoiceRecord, RecordType, SubscriptionRecord};

impl Applying<'_> {
    pub(super) async fn subscriptions(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, SubscriptionRecord)> = self.next(RecordType::Subscription, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.know_accounts(tx, folded(records.iter().filter_map(|(_, r)| r.reseller.as_ref()))).await?;
            self.know_workspaces(tx, folded(records.iter().map(|(_, r)| &r.workspace))).await?;
            let mut ids = Vec::with_capacity(records.len());
            for (line, record) in &records {
                ids.push(self.workspace(*line, &record.workspace)?.id);
            }
            let mut stored = bulk::find_subscriptions(tx, &ids).await?;
            let migrated = bulk::find_billing_migrated(tx, &ids).await?;
            let (mut created, mut changed, mut touches) = (Vec::new(), Vec::new(), Vec::new());
            for ((line, record), id) in records.iter().zip(ids) {
                let before = stored.remove(&id);
                let after = self.subscription_state(*line, record, id, before.as_ref())?;
                let outcome = match &before {
                    None => Outcome::Created,
                    Some(before) if *before == after => Outcome::Unchanged,
                    Some(_) => Outcome::Changed,
                };
                if outcome != Outcome::Unchanged {
                    self.require_legacy(*line, &record.workspace, migrated.contains(&id))?;
                    if !self.workspace(*line, &record.workspace)?.is_new {
                        let change = json!({ "change": "subscription_changed", "next_bill_on": after.next_bill_on });
                        touches.push(Self::touch(id, *line, Some(&change)));
                    }
                    let list = if outcome == Outcome::Created { &mut created } else { &mut changed };
                    list.push(after);
                }
                self.count(RecordType::Subscription, outcome);
            }
            bulk::save_subscriptions(tx, &created, &changed).await?;
            self.staging.add_touches(&touches).await?;
        }
    }

    fn subscription_state(
        &self,
        line: i64,
        record: &SubscriptionRecord,
        workspace: WorkspaceId,
        before: Option<&SubscriptionState>,
    ) -> Result<SubscriptionState, Error> {
        let terms = &self.app.catalog.billing;
        let reseller = match &record.reseller {
            Some(email) => Some(self.account(line, email)?),
            None => before.and_then(|b| b.reseller),
        };
        Ok(SubscriptionState {
            workspace,
            currency: record.currency.or(before.map(|b| b.currency)).unwrap_or(terms.currency),
            tax: record.tax.clone().or_else(|| before.map(|b| b.tax.clone())).unwrap_or_else(|| terms.tax.clone()),
            next_bill_on: record.next_bill_on.or(before.and_then(|b| b.next_bill_on)),
            reseller,
            // Another reseller has agreed to nothing.
            agreed: before.filter(|b| b.reseller == reseller).and_then(|b| b.agreed),
        })
    }

    /// After the migration it is the organization's bill: what comes from where the workspace was before changes nothing of it.
    fn require_legacy(&self, line: i64, slug: &str, is_migrated: bool) -> Result<(), Error> {
        if is_migrated {
            return Err(
                self.bad(line, format!("the billing of '{slug}' has migrated: its organization pays for it now"))
            );
        }
        Ok(())
    }

    pub(super) async fn invoices(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, InvoiceRecord)> = self.next(RecordType::Invoice, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.know_workspaces(tx, folded(records.iter().map(|(_, r)| &r.workspace))).await?;
            let mut keys = Vec::with_capacity(records.len());
            for (line, record) in &records {
                keys.push((self.workspace(*line, &record.workspace)?.id, record.number.clone()));
            }
            let mut stored = bulk::find_invoices(tx, &keys).await?;
            let (mut created, mut changed, mut touches) = (Vec::new(), Vec::new(), Vec::new());
            let mut touched = HashSet::new();
            for ((line, record), key) in records.iter().zip(keys) {
                let before = stored.remove(&key);
                let after = self.invoice_state(record, before.as_ref());
                let outcome = match &before {
                    None => Outcome::Created,
                    Some(before) if *before == after => Outcome::Unchanged,
                    Some(_) => Outcome::Changed,
                };
                if outcome != Outcome::Unchanged {
                    let is_new = self.workspace(*line, &record.workspace)?.is_new;
                    if !is_new && touched.insert(key.0) {
                        touches.push(Self::touch(key.0, *line, Some(&json!({ "change": "invoices_changed" }))));
                    }
                    let list = if outcome == Outcome::Created { &mut created } else { &mut changed };
                    list.push((key.0, after));
                }
                self.count(RecordType::Invoice, outcome);
            }
            bulk::save_invoices(tx, &created, &changed).await?;
            self.staging.add_touches(&touches).await?;
        }
    }

    fn invoice_state(&self, record: &InvoiceRecord, before: Option<&Invoice>) -> Invoice {
        Invoice {
            number: record.number.clone(),
            issued_on: record.issued_on,
            period_from: record.period_from.or(before.and_then(|b| b.period_from)),
            period_until: record.period_until.or(before.and_then(|b| b.period_until)),
            currency: record.currency.or(before.map(|b| b.currency)).unwrap_or(self.app.catalog.billing.currency),
            net: record.net,
            tax: record.tax.or(before.map(|b| b.tax)).unwrap_or(Amount::ZERO),
            state: record.state,
        }
    }
}
