//! Makes the database what the staged records say: only the difference, in one transaction.

mod accounts;
mod finish;
mod organizations;
mod repositories;
mod roles;
mod sites;
mod subscriptions;
mod user_groups;
mod workspaces;

use std::sync::Arc;

use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_store::staging::{Staging, Touch};
use orglink_store::{Tx, event, fault, import as bulk};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::names::Names;
use super::stage::Findings;
use super::{ImportProgress, ImportReport};
use crate::record::RecordType;
use crate::{App, Error, Principal};

/// Records looked at together.
const BATCH: i64 = 500;

/// One application of an import: everything its steps share.
struct Applying<'a> {
    app: &'a App,
    staging: &'a mut Staging,
    findings: &'a Findings,
    at: Timestamp,
    report: ImportReport,
    progress: &'a ImportProgress,
    accounts: Names<AccountId>,
    workspaces: Names<KnownWorkspace>,
}

/// A workspace by name; nothing is stored of one that this import made, besides what it has written itself.
#[derive(Debug, Clone, Copy)]
struct KnownWorkspace {
    id: WorkspaceId,
    is_new: bool,
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Created,
    Changed,
    Unchanged,
}

/// Names as they are compared.
fn folded<'e>(names: impl Iterator<Item = &'e String>) -> Vec<String> {
    names.map(|name| fold(name)).collect()
}

/// Applies what is staged; commits unless it is only asked what would change.
pub async fn apply(
    app: &App,
    principal: &Principal,
    staging: &mut Staging,
    findings: &Findings,
    is_dry_run: bool,
    progress: &Arc<ImportProgress>,
) -> Result<ImportReport, Error> {
    staging.clear_touches().await?;
    let mut applying = Applying {
        app,
        staging,
        findings,
        at: app.now(),
        report: ImportReport::default(),
        progress,
        accounts: Names::default(),
        workspaces: Names::default(),
    };
    let mut tx = app.db.begin_write().await?;
    super::require_not_frozen(&mut tx, is_dry_run).await?;
    bulk::expect_growth(&mut tx).await?;
    fault::point("import.begun");
    applying.accounts(&mut tx).await?;
    fault::point("import.accounts");
    applying.organizations(&mut tx, principal.actor()).await?;
    fault::point("import.organizations");
    applying.workspaces(&mut tx).await?;
    fault::point("import.workspaces");
    applying.sites(&mut tx, principal.actor()).await?;
    applying.roles(&mut tx, principal.actor()).await?;
    applying.user_groups(&mut tx).await?;
    fault::point("import.user_groups");
    applying.repositories(&mut tx).await?;
    fault::point("import.repositories");
    applying.subscriptions(&mut tx).await?;
    applying.invoices(&mut tx).await?;
    fault::point("import.subscriptions");
    if applying.report.created.values().sum::<u64>() >= super::MANY {
        bulk::count_grown(&mut tx).await?;
    }
    applying.finish(&mut tx, principal.actor()).await?;
    fault::point("import.events");
    if is_dry_run {
        drop(tx);
    } else {
        tx.commit().await?;
    }
    Ok(applying.report)
}

impl Applying<'_> {
    /// The next staged records of a type with their places, after an id; they were checked when they were staged.
    async fn next<T: DeserializeOwned>(
        &mut self,
        record_type: RecordType,
        after: &mut i64,
    ) -> Result<Vec<(i64, T)>, Error> {
        let rows = self.staging.list(record_type, *after, BATCH).await?;
        let mut records = Vec::with_capacity(rows.len());
        for (id, line, body) in rows {
            *after = id;
            let record = serde_json::from_str(&body)
                .map_err(|e| Error::BadInput(vec![self.findings.error(line, None, e.to_string())]))?;
            records.push((line, record));
        }
        self.progress.applied(records.len() as u64);
        Ok(records)
    }

    fn count(&mut self, record_type: RecordType, outcome: Outcome) {
        let counts = match outcome {
            Outcome::Created => &mut self.report.created,
            Outcome::Changed => &mut self.report.changed,
            Outcome::Unchanged => &mut self.report.unchanged,
        };
        *counts.entry(record_type).or_default() += 1;
    }

    /// Makes sure that the ids of these addresses are at hand.
    async fn know_accounts(&mut self, tx: &mut Tx, emails: Vec<String>) -> Result<(), Error> {
        let missing = self.accounts.missing(&emails);
        for (email, id) in bulk::find_account_ids(tx, &missing).await? {
            self.accounts.found(email, id);
        }
        Ok(())
    }

    /// The id of an address made known before.
    fn account(&self, line: i64, email: &str) -> Result<AccountId, Error> {
        self.accounts.get(&fold(email)).ok_or_else(|| self.gone(line, "account", email))
    }

    /// Ids of a list of addresses, sorted, each once.
    fn account_ids(&self, line: i64, emails: &[String]) -> Result<Vec<AccountId>, Error> {
        let mut ids = emails.iter().map(|e| self.account(line, e)).collect::<Result<Vec<_>, _>>()?;
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Makes sure that the ids of these workspaces are at hand.
    async fn know_workspaces(&mut self, tx: &mut Tx, slugs: Vec<String>) -> Result<(), Error> {
        let missing = self.workspaces.missing(&slugs);
        for (slug, id) in bulk::find_workspace_ids(tx, &missing).await? {
            self.workspaces.found(slug, KnownWorkspace { id, is_new: false });
        }
        Ok(())
    }

    /// A workspace made known before.
    fn workspace(&self, line: i64, slug: &str) -> Result<KnownWorkspace, Error> {
        self.workspaces.get(&fold(slug)).ok_or_else(|| self.gone(line, "workspace", slug))
    }

    /// Something that was there when references were checked was taken away meanwhile.
    fn gone(&self, line: i64, what: &str, name: &str) -> Error {
        self.bad(line, format!("there is no {what} '{name}'"))
    }

    fn bad(&self, line: i64, detail: String) -> Error {
        Error::BadInput(vec![self.findings.error(line, None, detail)])
    }

    /// Raises an organization's version and says why in an event.
    async fn organization_changed(
        &self,
        tx: &mut Tx,
        actor: Actor,
        organization: OrganizationId,
        payload: Value,
    ) -> Result<(), Error> {
        bulk::raise_organization_version(tx, organization).await?;
        let happened = NewEvent {
            kind: EventType::OrganizationChanged,
            organization_id: Some(organization),
            workspace_id: None,
            payload,
        };
        event::append(tx, self.app.origin(actor, self.at), happened, None).await?;
        Ok(())
    }

    /// Notes what was done to a workspace.
    fn touch(workspace: WorkspaceId, line: i64, change: Option<&Value>) -> Touch {
        Touch { workspace: workspace.0, line, takes_admin: false, change: change.map(Value::to_string) }
    }
}
