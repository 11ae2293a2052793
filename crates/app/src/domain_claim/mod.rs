//! Domains that organizations show to be their own by a record at their name servers, and the accounts that they claim.
//!
//! Showing a domain claims nobody. A claim is an act of its own: previewed, announced to each person with a date, and stopped by
//! whoever objects. Only then the account is *managed*, which gives the organization no access to anything. [`check_due`] and
//! [`apply_due`] are what the loop does. Linking a workspace has no part in any of it.

mod add_domain;
mod apply_claims;
mod check_domain;
mod claim_accounts;
mod end_claims;
mod object;
mod preview_claim;
mod release_account;
mod remove_domain;
mod view_domains;

pub use add_domain::add_domain;
pub use apply_claims::apply_due;
pub use check_domain::{Checked, check_domain, check_due};
pub use claim_accounts::{Announced, NewClaim, claim_accounts};
pub(crate) use end_claims::{address_changed, end_of_account, end_of_organization};
pub use object::{Management, object_to_claim, view_management};
pub use preview_claim::{ClaimPreview, find_preview, forget_previews, list_accounts, preview_claim};
pub use release_account::release_account;
pub use remove_domain::remove_domain;
pub use view_domains::{DomainCounts, DomainView, DomainsView, ManagedAccount, list_claims, list_domains, view_domain};

use orglink_domain::clock::Timestamp;
use orglink_domain::domain_claim::account::AccountClaim;
use orglink_domain::domain_claim::{DomainClaim, Terms};
use orglink_domain::event::EventType;
use orglink_domain::id::OrganizationId;
use orglink_domain::organization::Organization;
use orglink_store::{Tx, domain_claim};
use serde_json::{Value, json};

use crate::{App, Error};

/// What happened, as the events that one change of an organization appends.
type Happened = Vec<(EventType, Value)>;

/// How often it is looked, and for how long a record may be gone.
const fn terms(app: &App) -> Terms {
    let settings = &app.settings.domains;
    Terms { recheck_seconds: settings.recheck_seconds, grace_seconds: settings.grace_seconds }
}

/// One of the domains of an organization, by its name.
async fn find(tx: &mut Tx, of: OrganizationId, reference: &str) -> Result<DomainClaim, Error> {
    let domain = reference.trim().trim_end_matches('.').to_ascii_lowercase();
    domain_claim::find(tx, of, &domain).await?.ok_or_else(|| Error::not_found("domain", reference))
}

/// Refuses what needs the record to stand there.
fn require_record(of: &DomainClaim) -> Result<(), Error> {
    if of.can_claim() {
        return Ok(());
    }
    let why =
        if of.missing_since.is_some() { "The record at the domain is gone" } else { "The domain is not verified" };
    Err(Error::refused(
        "domain_not_verified",
        "The record must stand at the domain",
        format!(
            "{why}, so nobody at {} is shown or claimed. Publish the record, then check the domain. Nothing was done.",
            of.domain
        ),
    ))
}

/// What an event says of a domain.
fn told(of: &Organization, domain: &str) -> Value {
    json!({ "domain": domain, "organization": { "slug": of.slug, "name": of.name } })
}

/// What an event says of the claim of an account.
fn told_of_claim(of: &Organization, claim: &AccountClaim) -> Value {
    let Value::Object(mut fields) = told(of, &claim.domain) else { return Value::Null };
    fields.insert("account".to_owned(), json!(claim.account_id));
    fields.insert("takes_effect_at".to_owned(), json!(claim.takes_effect_at));
    Value::Object(fields)
}

/// The same with one field more.
fn with(mut told: Value, field: &str, value: impl serde::Serialize) -> Value {
    if let Some(fields) = told.as_object_mut() {
        fields.insert(field.to_owned(), json!(value));
    }
    told
}

/// When what is announced now takes effect.
fn effect_of(app: &App, at: Timestamp) -> Timestamp {
    at.plus_seconds(app.settings.domains.notice_seconds)
}
