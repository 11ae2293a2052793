//! Bills, and what is different about billing accounts: their admins and whoever pays hear of it.

use std::collections::BTreeSet;

use orglink_domain::billing::account::BillingAccount;
use orglink_domain::event::{Event, EventType};
use orglink_domain::id::{AccountId, BillingAccountId};
use orglink_mail::{BillingAccountNews, InvoiceIssued, Named};
use orglink_store::{Tx, billing_account, invoice};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, organization_named};
use crate::Error;
use crate::event::{Names, tell};

pub(super) async fn issued(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some((account, named)) = account_of(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(organization) = organization_named(tx, event.organization_id).await? else { return Ok(Vec::new()) };
    let number = payload.get("invoice").and_then(Value::as_str).unwrap_or_default();
    let Some(invoice) = invoice::find_by_number(tx, number).await? else { return Ok(Vec::new()) };
    let says = InvoiceIssued {
        number: invoice.number,
        account: named,
        organization,
        total: format!("{} {}", invoice.bill.total(), invoice.currency),
        due_on: invoice.due_on.to_words(),
    };
    let told = people_of(tx, &account).await?;
    Ok(told.into_iter().map(|id| Notice::new(id, says.clone())).collect())
}

/// Besides them, whoever the event names; not whoever did it.
pub(super) async fn changed(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let is_told_already = payload.get("change").and_then(Value::as_str) == Some("took_over");
    let Some((account, named)) = account_of(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(organization) = organization_named(tx, event.organization_id).await? else { return Ok(Vec::new()) };
    if is_told_already {
        return Ok(Vec::new());
    }
    let (who, what) = tell(event, &Names::of(tx, std::slice::from_ref(event)).await?);
    let says = BillingAccountNews {
        account: named,
        organization,
        said: format!("{who} {what}"),
        at: event.at,
        is_asked: false,
        page: None,
    };
    let on_it = people_of(tx, &account).await?;
    let named = payload.get("told").and_then(Value::as_array).into_iter().flatten().filter_map(id).map(AccountId);
    let named: BTreeSet<AccountId> = named.collect();
    // Whose yes a request takes: of whoever it names, or, that somebody no longer pays, of the admins.
    let kind = payload.get("kind").and_then(Value::as_str).unwrap_or_default();
    let is_request = event.kind == EventType::BillingRequestCreated;
    let asked = |who: &AccountId| match kind {
        "release" => account.payer != Some(*who),
        _ => named.contains(who),
    };
    // The other account of a merge: its id alone, or with its name.
    let into = payload.get("into").and_then(|into| id(into).or_else(|| into.get("id").and_then(id)));
    let page = |who: &AccountId| match into {
        _ if on_it.contains(who) || (is_request && kind == "payer") => Some(account.id.to_string()),
        into => into.map(|id| id.to_string()),
    };
    let told = on_it.iter().chain(&named).filter(|who| Some(**who) != event.actor.account_id);
    let told: BTreeSet<&AccountId> = told.collect();
    let notice = |who: &AccountId| {
        let says = BillingAccountNews { is_asked: is_request && asked(who), page: page(who), ..says.clone() };
        Notice::new(*who, says)
    };
    Ok(told.into_iter().map(notice).collect())
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str().and_then(|text| Uuid::try_parse(text).ok())
}

async fn account_of(tx: &mut Tx, payload: &Value) -> Result<Option<(BillingAccount, Named)>, Error> {
    let Some(id) = payload.get("billing_account").and_then(|a| a.get("id")).and_then(id) else { return Ok(None) };
    let found = billing_account::find(tx, BillingAccountId(id)).await?;
    Ok(found.map(|account| {
        let named = Named::new(account.id.to_string(), account.name.clone());
        (account, named)
    }))
}

async fn people_of(tx: &mut Tx, account: &BillingAccount) -> Result<BTreeSet<AccountId>, Error> {
    let admins = billing_account::list_admins(tx, account.id).await?;
    Ok(admins.into_iter().map(|admin| admin.id).chain(account.payer).collect())
}
