//! What a migration of billing looks at and writes, for many workspaces at once.

use std::collections::{BTreeSet, HashMap};

use orglink_domain::billing::Terms;
use orglink_domain::billing::migration::BillingFacts;
use orglink_domain::billing::preview::{AccountKey, Payer};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::id::{AccountId, BillingAccountId, LinkId, OrganizationId, WorkspaceId};
use orglink_domain::money::Currency;
use orglink_domain::workspace::ContactKind;
use uuid::Uuid;

use crate::import::find_subscriptions;
use crate::row::{Time, word};
use crate::stage::BillingStage;
use crate::{StoreError, Tx};

/// How these workspaces are billed, of those that are linked and whose billing has not migrated.
pub async fn find_billing_facts(
    tx: &mut Tx,
    ids: &[WorkspaceId],
    terms: &Terms,
) -> Result<HashMap<WorkspaceId, BillingFacts>, StoreError> {
    let links = fetch_by_keys!(
        tx,
        (Uuid, Uuid, Uuid, String, String),
        "SELECT l.workspace_id, l.id, l.organization_id, w.plan, w.billing_cycle FROM link l JOIN workspace w ON w.id = l.workspace_id WHERE l.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM link_stage s WHERE s.link_id = l.id AND s.billing_migrated_at IS NOT NULL) AND l.workspace_id",
        ids,
        |id| id.0,
        ""
    );
    let mut subscriptions = find_subscriptions(tx, ids).await?;
    let mut found = HashMap::with_capacity(links.len());
    for (id, link, organization, plan, cycle) in links {
        let kept = subscriptions.remove(&WorkspaceId(id));
        let reseller = kept.as_ref().and_then(|s| s.reseller);
        let facts = BillingFacts {
            workspace: WorkspaceId(id),
            link: LinkId(link),
            plan: word(&plan, "workspace", "plan", id)?,
            organization: OrganizationId(organization),
            cycle: word(&cycle, "workspace", "billing_cycle", id)?,
            currency: kept.as_ref().map_or(terms.currency, |s| s.currency),
            tax: kept.as_ref().map_or_else(|| terms.tax.clone(), |s| s.tax.clone()),
            paid_until: kept.as_ref().and_then(|s| s.next_bill_on),
            payer: Payer { contacts: BTreeSet::new(), reseller },
            agreed_to: kept.as_ref().and_then(|s| s.agreed).map(|(_, to)| to),
            technical_contacts: BTreeSet::new(),
            open_invoices: 0,
            people: 0,
        };
        found.insert(WorkspaceId(id), facts);
    }
    let contacts = fetch_by_keys!(
        tx,
        (Uuid, String, Uuid),
        "SELECT workspace_id, kind, account_id FROM workspace_contact WHERE workspace_id",
        ids,
        |id| id.0,
        ""
    );
    for (id, kind, account) in contacts {
        let Some(facts) = found.get_mut(&WorkspaceId(id)) else { continue };
        match word(&kind, "workspace_contact", "kind", id)? {
            ContactKind::Billing => facts.payer.contacts.insert(AccountId(account)),
            ContactKind::Technical => facts.technical_contacts.insert(AccountId(account)),
        };
    }
    let open = fetch_by_keys!(
        tx,
        (Uuid, i64),
        "SELECT workspace_id, COUNT(*) FROM workspace_invoice WHERE state = 'open' AND workspace_id",
        ids,
        |id| id.0,
        "GROUP BY workspace_id"
    );
    for (id, count) in open {
        if let Some(facts) = found.get_mut(&WorkspaceId(id)) {
            facts.open_invoices = count;
        }
    }
    // Whoever is in a group, and whoever has nothing but a grant.
    let in_groups = fetch_by_keys!(
        tx,
        (Uuid, i64),
        "SELECT workspace_id, COUNT(DISTINCT account_id) FROM user_group_member WHERE workspace_id",
        ids,
        |id| id.0,
        "GROUP BY workspace_id"
    );
    let by_grants = fetch_by_keys!(
        tx,
        (Uuid, i64),
        "SELECT g.workspace_id, COUNT(DISTINCT g.account_id) FROM repository_account_grant g WHERE NOT EXISTS (SELECT 1 FROM user_group_member m WHERE m.account_id = g.account_id AND m.workspace_id = g.workspace_id) AND g.workspace_id",
        ids,
        |id| id.0,
        "GROUP BY g.workspace_id"
    );
    for (id, count) in in_groups.into_iter().chain(by_grants) {
        if let Some(facts) = found.get_mut(&WorkspaceId(id)) {
            facts.people = facts.people.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    Ok(found)
}

/// Who pays in an organization from now on.
#[derive(Debug, Clone)]
pub struct NewBillingAccount {
    pub id: BillingAccountId,
    pub organization: OrganizationId,
    pub key: AccountKey,
    pub name: String,
    pub currency: Currency,
    pub tax: String,
    pub payer: Payer,
    /// The first day that its first bill is about, unless something begins before.
    pub invoiced_until: Day,
}

/// The billing accounts that organizations have for these keys, with their names.
pub async fn find_billing_accounts(
    tx: &mut Tx,
    keys: &[(OrganizationId, AccountKey)],
) -> Result<HashMap<(OrganizationId, AccountKey), (BillingAccountId, String)>, StoreError> {
    let distinct: Vec<AccountKey> = keys.iter().map(|(_, key)| *key).collect::<BTreeSet<_>>().into_iter().collect();
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid, Vec<u8>, String),
        "SELECT id, organization_id, account_key, name FROM billing_account WHERE account_key",
        distinct,
        |key| key.as_bytes().as_slice(),
        ""
    );
    rows.into_iter()
        .map(|(id, organization, key, name)| {
            let key = crate::row::digest(&key, "billing_account", "account_key", id)?;
            Ok(((OrganizationId(organization), key), (BillingAccountId(id), name)))
        })
        .collect()
}

/// Keeps new billing accounts; their contacts become their admins, all equal.
pub async fn create_billing_accounts(tx: &mut Tx, made: &[NewBillingAccount], at: Timestamp) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "billing_account (id, organization_id, account_key, name, currency, tax, payer_id, invoiced_until, version, created_at)",
        made,
        |b, a| {
            b.push_bind(a.id.0)
                .push_bind(a.organization.0)
                .push_bind(a.key.as_bytes().as_slice())
                .push_bind(a.name.as_str())
                .push_bind(a.currency.to_string())
                .push_bind(a.tax.as_str())
                .push_bind(a.payer.reseller.map(|id| id.0))
                .push_bind(a.invoiced_until.number())
                .push_bind(1_i64)
                .push_bind(Time(at));
        }
    );
    let admins: Vec<(Uuid, Uuid)> =
        made.iter().flat_map(|a| a.payer.contacts.iter().map(|contact| (a.id.0, contact.0))).collect();
    insert_all!(tx, "billing_account_admin (billing_account_id, account_id)", admins, |b, row| {
        b.push_bind(row.0).push_bind(row.1);
    });
    Ok(())
}

/// The organizations pay for these links from now on.
pub async fn migrate_billing(tx: &mut Tx, links: &[(LinkId, BillingStage)]) -> Result<(), StoreError> {
    let ids: Vec<LinkId> = links.iter().map(|(id, _)| *id).collect();
    let has_row = fetch_by_keys!(tx, (Uuid,), "SELECT link_id FROM link_stage WHERE link_id", ids, |id| id.0, "");
    let has_row: BTreeSet<Uuid> = has_row.into_iter().map(|(id,)| id).collect();
    let (known, new): (Vec<_>, Vec<_>) = links.iter().copied().partition(|(id, _)| has_row.contains(&id.0));
    // Whose users have migrated before: few.
    for (id, to) in known {
        if !crate::stage::migrate_billing(tx, id, to).await? {
            return Err(StoreError::Conflict);
        }
    }
    insert_all!(tx, "link_stage (link_id, billing_migrated_at, billing_account_id, charged_until)", new, |b, row| {
        b.push_bind(row.0.0)
            .push_bind(Time(row.1.migrated_at))
            .push_bind(row.1.account.0)
            .push_bind(row.1.charged_until.number());
    });
    Ok(())
}
