//! Billing accounts: who pays in an organization after billing has migrated, and for what.

use orglink_domain::billing::account::{BillingAccount, BillingRequest};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::id::{AccountId, BillingAccountId, BillingRequestId, LinkId, OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::{BillingCycle, SubscriptionPlan};
use uuid::Uuid;

use crate::billing::currency;
use crate::row::{Time, can_be_stored, day, word};
use crate::{StoreError, Tx};

type Row = (Uuid, Uuid, String, String, String, String, Option<Uuid>, i64, Option<Uuid>, i64, Time);

const TABLE: &str = "billing_account";

fn from_row(row: Row) -> Result<BillingAccount, StoreError> {
    let (id, organization, name, bill_to, money, tax, payer, invoiced, merged, version, created) = row;
    Ok(BillingAccount {
        id: BillingAccountId(id),
        organization: OrganizationId(organization),
        name,
        bill_to,
        currency: currency(&money, TABLE, id)?,
        tax,
        payer: payer.map(AccountId),
        invoiced_until: (invoiced != 0).then(|| day(invoiced, TABLE, "invoiced_until", id)).transpose()?,
        merged_into: merged.map(BillingAccountId),
        version,
        created_at: created.0,
    })
}

pub async fn find(tx: &mut Tx, id: BillingAccountId) -> Result<Option<BillingAccount>, StoreError> {
    fetch_optional!(tx, sql!("billing_account/find"), Row, id.0)?.map(from_row).transpose()
}

/// Those of an organization, after an id.
pub async fn list_of_organization(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<BillingAccount>, StoreError> {
    let sql = sql!("billing_account/list_of_organization");
    fetch_all!(tx, sql, Row, organization.0, after, limit)?.into_iter().map(from_row).collect()
}

/// Those that somebody administers, pays or, by a proven address, is asked to pay, after an id.
pub async fn list_of_account(
    tx: &mut Tx,
    (account, proven): (AccountId, Option<&str>),
    after: Uuid,
    limit: i64,
) -> Result<Vec<BillingAccount>, StoreError> {
    let (sql, folded) = (sql!("billing_account/list_of_account"), proven.map(fold));
    fetch_all!(tx, sql, Row, account.0, after, limit, folded)?.into_iter().map(from_row).collect()
}

/// Those for which the time until a day was not looked at, longest first.
pub async fn list_due(tx: &mut Tx, until: Day, limit: i64) -> Result<Vec<BillingAccount>, StoreError> {
    fetch_all!(tx, sql!("invoice/list_due"), Row, until.number(), limit)?.into_iter().map(from_row).collect()
}

pub async fn count_of_organization(tx: &mut Tx, organization: OrganizationId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("billing_account/count_of_organization"), (i64,), organization.0)?.0)
}

pub async fn is_admin(tx: &mut Tx, id: BillingAccountId, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("billing_account/is_admin"), (i64,), id.0, account.0)?.0 > 0)
}

/// An admin of a billing account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    pub id: AccountId,
    pub email: String,
    pub name: String,
}

/// By address.
pub async fn list_admins(tx: &mut Tx, id: BillingAccountId) -> Result<Vec<Admin>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing_account/list_admins"), (Uuid, String, String), id.0)?;
    Ok(rows.into_iter().map(|(id, email, name)| Admin { id: AccountId(id), email, name }).collect())
}

/// How many of them can act.
pub async fn count_active_admins(tx: &mut Tx, id: BillingAccountId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("billing_account/count_active_admins"), (i64,), id.0)?.0)
}

/// A workspace that is paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidWorkspace {
    pub id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub plan: SubscriptionPlan,
    pub cycle: BillingCycle,
    /// Up to, and without, this day all is charged.
    pub charged_until: Day,
    pub link: LinkId,
}

/// What it pays for, after a folded slug.
pub async fn list_workspaces(
    tx: &mut Tx,
    id: BillingAccountId,
    after: &str,
    limit: i64,
) -> Result<Vec<PaidWorkspace>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing_account/list_workspaces"), PaidRow, id.0, after, limit)?;
    rows.into_iter().map(paid_from_row).collect()
}

/// One of them, by its folded slug.
pub async fn find_workspace(
    tx: &mut Tx,
    id: BillingAccountId,
    slug: &str,
) -> Result<Option<PaidWorkspace>, StoreError> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("billing_account/find_workspace"), PaidRow, id.0, slug)?.map(paid_from_row).transpose()
}

type PaidRow = (Uuid, String, String, String, String, i64, Uuid);

fn paid_from_row((id, slug, name, plan, cycle, until, link): PaidRow) -> Result<PaidWorkspace, StoreError> {
    Ok(PaidWorkspace {
        id: WorkspaceId(id),
        slug,
        name,
        plan: word(&plan, "workspace", "plan", id)?,
        cycle: word(&cycle, "workspace", "billing_cycle", id)?,
        charged_until: day(until, "link_stage", "charged_until", link)?,
        link: LinkId(link),
    })
}

/// The links that it pays for, by id.
pub async fn list_links(tx: &mut Tx, id: BillingAccountId) -> Result<Vec<LinkId>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing_account/list_links"), (Uuid,), id.0)?;
    Ok(rows.into_iter().map(|(id,)| LinkId(id)).collect())
}

pub async fn count_workspaces(tx: &mut Tx, id: BillingAccountId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("billing_account/count_workspaces"), (i64,), id.0)?.0)
}

/// Raises the version, if it is still this one.
pub async fn guard(tx: &mut Tx, id: BillingAccountId, version: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("billing_account/guard"), id.0, version)? == 1)
}

pub async fn change(tx: &mut Tx, id: BillingAccountId, name: &str, bill_to: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("billing_account/change"), id.0, name, bill_to)?;
    Ok(())
}

/// Adds an admin or takes one away; whoever migrates later with the contacts of before does not come to it any more. False
/// when it is so already.
pub async fn change_admin(
    tx: &mut Tx,
    id: BillingAccountId,
    account: AccountId,
    is_admin: bool,
) -> Result<bool, StoreError> {
    let sql = if is_admin { sql!("billing_account/add_admin") } else { sql!("billing_account/remove_admin") };
    let has_changed = execute!(tx, sql, id.0, account.0)? == 1;
    if has_changed {
        execute!(tx, sql!("billing_account/detach"), id.0)?;
    }
    Ok(has_changed)
}

pub async fn change_payer(tx: &mut Tx, id: BillingAccountId, payer: Option<AccountId>) -> Result<(), StoreError> {
    execute!(tx, sql!("billing_account/change_payer"), id.0, payer.map(|id| id.0))?;
    Ok(())
}

/// Another one pays for everything of it from now on.
pub async fn merge(tx: &mut Tx, id: BillingAccountId, into: BillingAccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("billing_account/move_all"), id.0, into.0)?;
    execute!(tx, sql!("billing_account/merge"), id.0, into.0)?;
    Ok(())
}

/// A new one with the admins of another, which pays for these links from now on.
pub async fn split(
    tx: &mut Tx,
    from: BillingAccountId,
    new: &BillingAccount,
    links: &[LinkId],
) -> Result<(), StoreError> {
    let until = new.invoiced_until.map_or(0, Day::number);
    let sql = sql!("billing_account/create");
    let (organization, money, payer) = (new.organization.0, new.currency.to_string(), new.payer.map(|id| id.0));
    let (name, bill_to, tax) = (new.name.as_str(), new.bill_to.as_str(), new.tax.as_str());
    execute!(tx, sql, new.id.0, organization, name, bill_to, money, tax, payer, until, Time(new.created_at))?;
    execute!(tx, sql!("billing_account/copy_admins"), from.0, new.id.0)?;
    for link in links {
        if execute!(tx, sql!("billing_account/move_one"), link.0, from.0, new.id.0)? != 1 {
            return Err(StoreError::Conflict);
        }
    }
    Ok(())
}

type RequestRow = (Uuid, Uuid, String, Option<String>, Option<Uuid>, Uuid, Time, Time);

fn request_from_row(row: RequestRow) -> Result<BillingRequest, StoreError> {
    let (id, account, kind, payer, into, by, at, expires) = row;
    Ok(BillingRequest {
        id: BillingRequestId(id),
        account: BillingAccountId(account),
        kind: word(&kind, "billing_request", "kind", id)?,
        payer,
        into: into.map(BillingAccountId),
        asked_by: AccountId(by),
        asked_at: at.0,
        expires_at: expires.0,
    })
}

/// The request that is open at a moment.
pub async fn find_request(
    tx: &mut Tx,
    id: BillingAccountId,
    at: Timestamp,
) -> Result<Option<BillingRequest>, StoreError> {
    let row = fetch_optional!(tx, sql!("billing_account/find_request"), RequestRow, id.0, Time(at))?;
    row.map(request_from_row).transpose()
}

/// Those that others make to it: it is to pay for everything of theirs.
pub async fn list_requests_to(
    tx: &mut Tx,
    id: BillingAccountId,
    at: Timestamp,
) -> Result<Vec<BillingRequest>, StoreError> {
    let rows = fetch_all!(tx, sql!("billing_account/list_requests_to"), RequestRow, id.0, Time(at))?;
    rows.into_iter().map(request_from_row).collect()
}

/// Keeps it in the place of any earlier one.
pub async fn create_request(tx: &mut Tx, new: &BillingRequest) -> Result<(), StoreError> {
    delete_request(tx, new.account).await?;
    let (payer, into) = (new.payer.as_deref(), new.into.map(|id| id.0));
    let (kind, asked, expires) = (new.kind.as_str(), Time(new.asked_at), Time(new.expires_at));
    let (sql, folded) = (sql!("billing_account/create_request"), payer.map(fold));
    execute!(tx, sql, new.account.0, new.id.0, kind, payer, folded, into, new.asked_by.0, asked, expires)?;
    Ok(())
}

pub async fn delete_request(tx: &mut Tx, id: BillingAccountId) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("billing_account/delete_request"), id.0)? == 1)
}
