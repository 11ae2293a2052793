//! Domains and the accounts that organizations manage, as JSON.

use orglink_app::domain_claim::{DomainCounts, DomainView, ManagedAccount, Management};
use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::domain_claim::account::{ClaimState, Fit};
use orglink_domain::domain_claim::{DomainState, Seen};
use serde::Serialize;
use utoipa::ToSchema;

/// The record that shows a domain: to be published at its name servers, and to stay there.
#[derive(Serialize, ToSchema)]
pub struct RecordJson {
    /// `TXT`.
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    text: String,
}

/// How many accounts are claimed by it.
#[derive(Serialize, ToSchema)]
pub struct CountsJson {
    announced: i64,
    objected: i64,
    managed: i64,
}

impl CountsJson {
    pub fn of(counts: DomainCounts) -> Self {
        Self { announced: counts.announced, objected: counts.objected, managed: counts.managed }
    }
}

/// A domain of an organization.
#[derive(Serialize, ToSchema)]
pub struct DomainJson {
    domain: String,
    /// `pending`, `verified` or `lapsed`.
    #[schema(value_type = String)]
    state: DomainState,
    record: RecordJson,
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    /// When the name servers were asked last.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
    /// What they said: `found`, `missing`, `unreachable` (says nothing about the record) or `taken` (the record is there, and another
    /// organization holds the domain).
    #[schema(value_type = Option<String>)]
    seen: Option<Seen>,
    /// Since when the record of a verified domain is gone.
    #[schema(value_type = Option<String>, format = DateTime)]
    missing_since: Option<Timestamp>,
    /// When it lapses if the record does not come back.
    #[schema(value_type = Option<String>, format = DateTime)]
    lapses_at: Option<Timestamp>,
    /// When they are asked next.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    accounts: CountsJson,
}

impl DomainJson {
    pub fn of(view: &DomainView) -> Self {
        let claim = &view.claim;
        Self {
            domain: claim.domain.clone(),
            state: claim.state,
            record: RecordJson { kind: "TXT", name: claim.record_name(), text: claim.record_text() },
            added_at: claim.added_at,
            verified_at: claim.verified_at,
            checked_at: claim.checked_at,
            seen: claim.seen,
            missing_since: claim.missing_since,
            lapses_at: view.lapses_at,
            due_at: claim.due_at,
            accounts: CountsJson::of(view.counts),
        }
    }
}

/// An account at a domain, with what a claim would mean for it.
#[derive(Serialize, ToSchema)]
pub struct DomainAccountJson {
    id: String,
    email: String,
    name: String,
    /// `claimable`; `announced`, `objected` or `managed` by this organization; `managed_elsewhere`, `operator`, `robot`, `suspended`.
    #[schema(value_type = String)]
    fit: Fit,
    /// Why it cannot be claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
}

impl DomainAccountJson {
    pub fn of((account, fit): &(Account, Fit)) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email.clone(),
            name: account.name.clone(),
            fit: *fit,
            detail: Some(fit.why()).filter(|why| !why.is_empty()),
        }
    }
}

/// An account that an organization manages, or has claimed.
#[derive(Serialize, ToSchema)]
pub struct ManagedAccountJson {
    id: String,
    email: String,
    name: String,
    domain: String,
    /// `announced`, `objected` or `managed`.
    #[schema(value_type = String)]
    state: ClaimState,
    #[schema(value_type = String, format = DateTime)]
    announced_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    takes_effect_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    objected_at: Option<Timestamp>,
    /// Why the person objected.
    reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    managed_at: Option<Timestamp>,
}

impl ManagedAccountJson {
    pub fn of(managed: &ManagedAccount) -> Self {
        let (account, claim) = (&managed.account, &managed.claim);
        Self {
            id: account.id.to_string(),
            email: account.email.clone(),
            name: account.name.clone(),
            domain: claim.domain.clone(),
            state: claim.state,
            announced_at: claim.announced_at,
            takes_effect_at: claim.takes_effect_at,
            objected_at: claim.objected_at,
            reason: claim.reason.clone(),
            managed_at: claim.managed_at,
        }
    }
}

/// Which organization manages an account, or is to. It gains no access by that.
#[derive(Serialize, ToSchema)]
pub struct ManagementJson {
    /// Its slug.
    organization: String,
    organization_name: String,
    domain: String,
    /// `announced` (object before it takes effect), `objected` or `managed`.
    #[schema(value_type = String)]
    state: ClaimState,
    #[schema(value_type = String, format = DateTime)]
    takes_effect_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    objected_at: Option<Timestamp>,
    reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    managed_at: Option<Timestamp>,
}

impl ManagementJson {
    pub fn of(of: &Management) -> Self {
        let claim = &of.claim;
        Self {
            organization: of.organization_slug.clone(),
            organization_name: of.organization_name.clone(),
            domain: claim.domain.clone(),
            state: claim.state,
            takes_effect_at: claim.takes_effect_at,
            objected_at: claim.objected_at,
            reason: claim.reason.clone(),
            managed_at: claim.managed_at,
        }
    }
}
