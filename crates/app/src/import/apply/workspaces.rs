//! Workspaces with their labels, holds and contacts.

use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::{BillingCycle, ContactKind, Hold, Kind, Status, SubscriptionPlan, Workspace};
use orglink_store::import::WorkspaceState;
use orglink_store::{Tx, import as bulk};
use serde_json::{Value, json};

use super::{Applying, KnownWorkspace, Outcome, folded};
use crate::Error;
use crate::record::{RecordType, WorkspaceRecord};

impl Applying<'_> {
    pub(super) async fn workspaces(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, WorkspaceRecord)> = self.next(RecordType::Workspace, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            let contacts = records
                .iter()
                .flat_map(|(_, r)| r.billing_contacts.iter().flatten().chain(r.technical_contacts.iter().flatten()));
            self.know_accounts(tx, folded(contacts)).await?;
            let keys: Vec<String> = records.iter().map(|(_, r)| fold(&r.slug)).collect();
            let mut stored = bulk::find_workspaces(tx, &keys).await?;
            let (mut created, mut changed, mut touches) = (Vec::new(), Vec::new(), Vec::new());
            for ((line, record), key) in records.iter().zip(&keys) {
                let before = stored.remove(key);
                let after = self.workspace_state(*line, record, before.as_ref())?;
                let outcome = match before {
                    None => {
                        let id = after.workspace.id;
                        self.workspaces.made(key.clone(), KnownWorkspace { id, is_new: true });
                        touches.push(Self::touch(id, *line, None));
                        created.push((after, crate::secret::random()?));
                        Outcome::Created
                    }
                    Some(before) if before == after => Outcome::Unchanged,
                    Some(before) => {
                        let change = json!({ "change": "workspace_changed", "fields": differing(&before, &after) });
                        touches.push(Self::touch(after.workspace.id, *line, Some(&change)));
                        changed.push(after);
                        Outcome::Changed
                    }
                };
                self.count(RecordType::Workspace, outcome);
            }
            bulk::create_workspaces(tx, &created).await?;
            bulk::change_workspaces(tx, &changed, self.at).await?;
            self.staging.add_touches(&touches).await?;
        }
    }

    fn workspace_state(
        &self,
        line: i64,
        record: &WorkspaceRecord,
        before: Option<&WorkspaceState>,
    ) -> Result<WorkspaceState, Error> {
        let old = before.map(|b| &b.workspace);
        let holds = |hold| record.holds.as_ref().map(|h| h.contains(&hold));
        let workspace = Workspace {
            id: old.map_or_else(|| WorkspaceId(self.app.new_id(self.at)), |w| w.id),
            slug: old.map_or_else(|| record.slug.clone(), |w| w.slug.clone()),
            name: record.name.clone(),
            app: record
                .app
                .clone()
                .or_else(|| old.map(|w| w.app.clone()))
                .unwrap_or_else(|| self.app.catalog.default_app.clone()),
            kind: record.kind.or(old.map(|w| w.kind)).unwrap_or(Kind::Team),
            plan: record.plan.or(old.map(|w| w.plan)).unwrap_or(SubscriptionPlan::Free),
            billing_cycle: record.billing_cycle.or(old.map(|w| w.billing_cycle)).unwrap_or(BillingCycle::Monthly),
            status: record.status.or(old.map(|w| w.status)).unwrap_or(Status::Active),
            legal_hold: holds(Hold::Legal).or(old.map(|w| w.legal_hold)).unwrap_or(false),
            open_transfer: holds(Hold::Transfer).or(old.map(|w| w.open_transfer)).unwrap_or(false),
            version: old.map_or(1, |w| w.version),
            created_at: old.map_or(self.at, |w| w.created_at),
        };
        let mut labels = record.labels.clone().or_else(|| before.map(|b| b.labels.clone())).unwrap_or_default();
        labels.sort_unstable();
        labels.dedup();
        let mut contacts = Vec::new();
        for (kind, given) in
            [(ContactKind::Billing, &record.billing_contacts), (ContactKind::Technical, &record.technical_contacts)]
        {
            match (given, before) {
                (Some(given), _) => {
                    contacts.extend(self.account_ids(line, given)?.into_iter().map(|a| (kind, a)));
                }
                (None, Some(before)) => {
                    let kept: Vec<(ContactKind, AccountId)> =
                        before.contacts.iter().filter(|(k, _)| *k == kind).copied().collect();
                    contacts.extend(kept);
                }
                (None, None) => {}
            }
        }
        contacts.sort_unstable();
        let given = record.uuid.as_ref().map(|u| u.trim_matches(['{', '}']).to_lowercase());
        let external_id = given.or_else(|| before.and_then(|b| b.external_id.clone()));
        let external_created_at = record.created_at.or(before.and_then(|b| b.external_created_at));
        Ok(WorkspaceState { workspace, external_id, external_created_at, labels, contacts })
    }
}

/// Which fields differ, with both values.
fn differing(before: &WorkspaceState, after: &WorkspaceState) -> Value {
    let fields = |s: &WorkspaceState| {
        let w = &s.workspace;
        json!({
            "name": w.name, "app": w.app, "kind": w.kind, "plan": w.plan, "billing_cycle": w.billing_cycle,
            "status": w.status, "holds": w.holds(), "labels": s.labels, "created_at": s.external_created_at,
            "uuid": s.external_id,
            "billing_contacts": s.contacts.iter().filter(|c| c.0 == ContactKind::Billing).map(|c| c.1).collect::<Vec<_>>(),
            "technical_contacts": s.contacts.iter().filter(|c| c.0 == ContactKind::Technical).map(|c| c.1).collect::<Vec<_>>(),
        })
    };
    json!(orglink_domain::plan::differences(&fields(before), &fields(after)))
}
