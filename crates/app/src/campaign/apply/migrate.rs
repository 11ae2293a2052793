//! A batch of a migration of billing: who pays from now on, with the events.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use orglink_domain::billing::migration::BillingFacts;
use orglink_domain::billing::period::Days;
use orglink_domain::billing::preview::AccountKey;
use orglink_domain::campaign::Campaign;
use orglink_domain::campaign::automatic::{DecisionState, Fate};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::{BillingAccountId, LinkId, OrganizationId, WorkspaceId};
use orglink_store::campaign::{self, IdRange, KnownOrganization, NewBillingAccount, Run, Settled, Waiting};
use orglink_store::import::raise_versions;
use orglink_store::stage::BillingStage;
use orglink_store::{Tx, event, fault};
use serde_json::json;

use super::{known, require_running};
use crate::campaign::facts::Rules;
use crate::campaign::tell::calendar_of;
use crate::{App, Error};

/// A batch with everything that was read for it.
pub(super) struct Migrating {
    rows: Vec<Row>,
    /// Settled without migrating, for a reason that came up since it was decided.
    settled: Vec<Settled>,
    organizations: HashMap<OrganizationId, KnownOrganization>,
    /// The day that it is in the campaign's zone.
    on: Day,
}

struct Row {
    waiting: Waiting,
    facts: BillingFacts,
}

impl Migrating {
    /// Reads how each is billed now, and decides again by that: who contacts are, what is paid and who agreed are no versions.
    pub async fn read(
        app: &App,
        tx: &mut Tx,
        of: &Campaign,
        run: &Run,
        waiting: Vec<Waiting>,
        at: Timestamp,
    ) -> Result<Self, Error> {
        let calendar = calendar_of(&run.definition)?;
        let rules = Rules::new(app, of, &run.definition, &calendar, (at, at));
        let ids: Vec<WorkspaceId> = waiting.iter().map(|w| w.decided.workspace_id).collect();
        let mut facts = campaign::find_billing_facts(tx, &ids, &app.catalog.billing).await?;
        let (mut rows, mut settled) = (Vec::new(), Vec::new());
        for w in waiting {
            let id = w.decided.workspace_id;
            let mut settle =
                |outcome| settled.push(Settled { workspace_id: id, workspace_version: w.version, outcome });
            let Some(facts) = facts.remove(&id).filter(|_| !w.is_deleted) else {
                settle(if w.is_deleted { "deleted" } else { "not_linked" });
                continue;
            };
            if w.version != w.decided.workspace_version {
                let found = campaign::list_candidates(tx, IdRange::only(id), 1, rules.wanted).await?;
                match found.first().map(|candidate| rules.fate(candidate)) {
                    Some(Fate::Goes(_)) => {}
                    Some(Fate::Stays(reason)) => {
                        settle(reason.as_str());
                        continue;
                    }
                    None => {
                        settle("not_linked");
                        continue;
                    }
                }
            }
            // Whoever had more time was decided about without it, and what stands in the way may have come since.
            if let Fate::Stays(reason) = rules.migrates(&facts) {
                settle(reason.as_str());
                continue;
            }
            rows.push(Row { waiting: w, facts });
        }
        let named: BTreeSet<OrganizationId> = rows.iter().map(|row| row.facts.organization).collect();
        let organizations = known(tx, run, &named.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { rows, settled, organizations, on: rules.on_day })
    }
}

/// The short write. `Stale`, with nothing kept, when anything that was read has changed.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    of: &Campaign,
    run: &Run,
    batch: &Migrating,
    at: Timestamp,
) -> Result<(), Error> {
    require_running(tx, of, run, at).await?;
    let ids: Vec<WorkspaceId> = batch.rows.iter().map(|row| row.waiting.decided.workspace_id).collect();
    let versions: HashMap<WorkspaceId, i64> = campaign::list_workspace_versions(tx, &ids).await?.into_iter().collect();
    if batch.rows.iter().any(|row| versions.get(&row.waiting.decided.workspace_id) != Some(&row.waiting.version)) {
        return Err(Error::Stale);
    }
    // Contacts, bills and a reseller's word are no versions: they are what they were, or all is read again.
    let facts = campaign::find_billing_facts(tx, &ids, &app.catalog.billing).await?;
    if batch.rows.iter().any(|row| facts.get(&row.waiting.decided.workspace_id) != Some(&row.facts)) {
        return Err(Error::Stale);
    }
    for settled in &batch.settled {
        campaign::settle_decision(tx, run.id, settled).await?;
    }
    let Some((first, last)) = batch.rows.first().zip(batch.rows.last()) else { return Ok(()) };
    let (wave, first, last) =
        (first.waiting.decided.wave, first.waiting.decided.workspace_id, last.waiting.decided.workspace_id);
    let (accounts, mut events) = accounts_of(app, tx, batch, at).await?;
    fault::point("migration.accounts");
    raise_versions(tx, &ids).await?;
    let mut stages: Vec<(LinkId, BillingStage)> = Vec::with_capacity(ids.len());
    for row in &batch.rows {
        let facts = &row.facts;
        let Some((account, name)) = accounts.get(&(facts.organization, facts.account_key())) else {
            return Err(Error::broken("a workspace has no billing account to come to"));
        };
        let charged_until = facts.charged_from(batch.on);
        stages.push((facts.link, BillingStage { migrated_at: at, account: *account, charged_until }));
        let organization = batch.organizations.get(&facts.organization);
        let happened = NewEvent {
            kind: EventType::WorkspaceBillingMigrated,
            organization_id: Some(facts.organization),
            workspace_id: Some(row.waiting.decided.workspace_id),
            payload: json!({
                "link": facts.link,
                "workspace": { "id": row.waiting.decided.workspace_id, "slug": row.waiting.slug },
                "organization": { "id": facts.organization, "slug": organization.map(|o| &o.slug) },
                "campaign": { "id": of.id, "name": of.definition.name },
                "run": run.id,
                "billing_account": { "id": account, "name": name },
                "charged_from": charged_until,
                "currency": facts.currency,
                "people": facts.people.to_string(),
            }),
        };
        events.push((happened, Some(row.waiting.version + 1)));
    }
    campaign::migrate_billing(tx, &stages).await?;
    campaign::mark_done(tx, run.id, wave, (first, last), DecisionState::Migrated).await?;
    fault::point("migration.applied");
    let touched: Vec<OrganizationId> =
        batch.rows.iter().map(|row| row.facts.organization).collect::<BTreeSet<_>>().into_iter().collect();
    campaign::raise_organizations(tx, run.id, &touched).await?;
    event::append_all(tx, app.origin(Actor::SYSTEM, at), &events).await?;
    fault::point("campaign.events");
    Ok(())
}

type Accounts = HashMap<(OrganizationId, AccountKey), (BillingAccountId, String)>;

/// The billing accounts that these come to: those there are, and new ones with their events.
async fn accounts_of(
    app: &App,
    tx: &mut Tx,
    batch: &Migrating,
    at: Timestamp,
) -> Result<(Accounts, Vec<(NewEvent, Option<i64>)>), Error> {
    let mut wanted: BTreeMap<(OrganizationId, AccountKey), &Row> = BTreeMap::new();
    for row in &batch.rows {
        let first = wanted.entry((row.facts.organization, row.facts.account_key())).or_insert(row);
        // It is called after the first of its workspaces by name.
        if row.waiting.slug < first.waiting.slug {
            *first = row;
        }
    }
    let keys: Vec<(OrganizationId, AccountKey)> = wanted.keys().copied().collect();
    let there = campaign::find_billing_accounts(tx, &keys).await?;
    let (mut made, mut events, mut all) = (Vec::new(), Vec::new(), Accounts::new());
    for ((organization, key), row) in wanted {
        if let Some(known) = there.get(&(organization, key)) {
            all.insert((organization, key), known.clone());
            continue;
        }
        let name = row.waiting.name.clone();
        let id = BillingAccountId(app.new_id(at));
        let facts = &row.facts;
        let happened = NewEvent {
            kind: EventType::BillingAccountCreated,
            organization_id: Some(organization),
            workspace_id: None,
            payload: json!({
                "billing_account": id, "name": name, "currency": facts.currency,
                "admins": facts.payer.contacts, "payer": facts.payer.reseller,
            }),
        };
        events.push((happened, None));
        made.push(NewBillingAccount {
            id,
            organization,
            key,
            name: name.clone(),
            currency: facts.currency,
            tax: facts.tax.clone(),
            payer: facts.payer.clone(),
            // What comes during a month stands on the bill of the next one.
            invoiced_until: Days::month_of(batch.on).until,
        });
        all.insert((organization, key), (id, name));
    }
    campaign::create_billing_accounts(tx, &made, at).await?;
    Ok((all, events))
}
