//! Domains and the accounts that organizations manage: who is concerned hears of it.

use orglink_domain::event::{Event, EventType};
use orglink_domain::id::AccountId;
use orglink_mail::{
    AccountClaimAnnounced, AccountClaimObjected, AccountClaimSettled, DomainNews, DomainTold, Mail, Named, Person,
};
use orglink_store::{Tx, organization};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, Ways};
use crate::Error;

fn text<'a>(payload: &'a Value, field: &str) -> Option<&'a str> {
    payload.get(field).and_then(Value::as_str)
}

/// As the event names it: the organization may be gone.
fn named(payload: &Value) -> Option<Named> {
    let of = payload.get("organization")?;
    Some(Named::new(text(of, "slug")?, text(of, "name")?))
}

/// The admins of the organization, of what became of one of its domains; not whoever did it.
pub(super) async fn told(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let (Some(id), Some(of), Some(domain)) = (event.organization_id, named(payload), text(payload, "domain")) else {
        return Ok(Vec::new());
    };
    let news = match event.kind {
        EventType::DomainVerified => DomainNews::Verified,
        EventType::DomainRecordMissing => DomainNews::RecordMissing,
        EventType::DomainRecordFound => DomainNews::RecordFound,
        EventType::DomainLapsed => DomainNews::Lapsed,
        _ => return Ok(Vec::new()),
    };
    let lapses_at = text(payload, "lapses_at").and_then(|at| at.parse().ok());
    let says: Mail = DomainTold { organization: of, domain: domain.to_owned(), news, lapses_at }.into();
    let ways = match news {
        DomainNews::RecordMissing | DomainNews::Lapsed => Ways::All,
        DomainNews::Verified | DomainNews::RecordFound => Ways::InboxOnly,
    };
    let admins = organization::list_admin_ids(tx, id).await?;
    let others = admins.into_iter().filter(|admin| event.actor.account_id != Some(*admin));
    Ok(others.map(|to| Notice { to, says: says.clone(), ways }).collect())
}

/// The person, of what is to become of their account, or became of it; of an objection, the admins of the organization.
pub(super) async fn claimed(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let who = text(payload, "account").and_then(|id| Uuid::try_parse(id).ok()).map(AccountId);
    let (Some(id), Some(who), Some(organization), Some(domain)) =
        (event.organization_id, who, named(payload), text(payload, "domain").map(str::to_owned))
    else {
        return Ok(Vec::new());
    };
    let why = text(payload, "why").and_then(|why| why.parse().ok());
    match event.kind {
        EventType::AccountClaimAnnounced => {
            let Some(takes_effect_at) = text(payload, "takes_effect_at").and_then(|at| at.parse().ok()) else {
                return Ok(Vec::new());
            };
            let says = AccountClaimAnnounced { organization, domain, by: event.actor.into(), takes_effect_at };
            Ok(vec![Notice::new(who, says)])
        }
        EventType::AccountClaimObjected => {
            let reason = text(payload, "reason").unwrap_or_default().to_owned();
            let says: Mail = AccountClaimObjected { organization, domain, who: Person::new(who), reason }.into();
            let admins = organization::list_admin_ids(tx, id).await?;
            Ok(admins.into_iter().filter(|to| *to != who).map(|to| Notice::new(to, says.clone())).collect())
        }
        _ => {
            let was_managed = event.kind == EventType::AccountReleased;
            Ok(vec![Notice::new(who, AccountClaimSettled { organization, domain, was_managed, why })])
        }
    }
}
