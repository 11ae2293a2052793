//! Domains that an organization shows to be its own, and the accounts that it manages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::AT_ONCE;
use crate::request::with_query;
use crate::words::words;
use crate::{Client, Error, List, Version, segment};

words! {
    DomainState {
        Pending = "pending",
        Verified = "verified",
        /// The record was gone for too long: nothing new can be claimed.
        Lapsed = "lapsed",
    }
}
words! {
    /// What the name servers said last.
    Seen {
        Found = "found",
        Missing = "missing",
        /// They did not answer, which says nothing about the record.
        Unreachable = "unreachable",
        /// The record is there, and another organization holds the domain.
        Taken = "taken",
    }
}
words! {
    /// Where the claim of an account stands.
    ClaimState { Announced = "announced", Objected = "objected", Managed = "managed" }
}
words! {
    /// What a claim would mean for an account at the domain.
    Fit {
        Claimable = "claimable",
        Announced = "announced",
        Objected = "objected",
        Managed = "managed",
        ManagedElsewhere = "managed_elsewhere",
        Operator = "operator",
        Robot = "robot",
        Suspended = "suspended",
    }
}

/// The record that shows a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// `TXT`.
    #[serde(rename = "type")]
    pub kind: String,
    pub name: String,
    pub text: String,
}

/// How many accounts are claimed by a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    pub announced: i64,
    pub objected: i64,
    pub managed: i64,
}

/// A domain of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Domain {
    pub domain: String,
    pub state: DomainState,
    pub record: Record,
    pub added_at: String,
    pub verified_at: Option<String>,
    pub checked_at: Option<String>,
    pub seen: Option<Seen>,
    /// Since when the record of a verified domain is gone.
    pub missing_since: Option<String>,
    /// When it lapses if the record does not come back.
    pub lapses_at: Option<String>,
    pub due_at: String,
    pub accounts: Counts,
}

/// A domain after a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Checked {
    #[serde(flatten)]
    pub domain: Domain,
    /// Texts that stand at the name of the record, at most five.
    pub texts: Vec<String>,
}

/// What a claim would mean, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClaimPreview {
    pub digest: String,
    pub counts: BTreeMap<String, i64>,
    pub claimable: i64,
    pub takes_effect_at: String,
    pub valid_until: String,
}

/// An account at a domain, with what a claim would mean for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DomainAccount {
    pub id: String,
    pub email: String,
    pub name: String,
    pub fit: Fit,
    /// Why it cannot be claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Announced {
    pub announced: i64,
    /// How many more could be claimed.
    pub left: i64,
    pub takes_effect_at: String,
}

/// An account that an organization manages, or has claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManagedAccount {
    pub id: String,
    pub email: String,
    pub name: String,
    pub domain: String,
    pub state: ClaimState,
    pub announced_at: String,
    pub takes_effect_at: String,
    pub objected_at: Option<String>,
    pub reason: Option<String>,
    pub managed_at: Option<String>,
}

/// Which organization manages one's own account, or is to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Management {
    /// Its slug.
    pub organization: String,
    pub organization_name: String,
    pub domain: String,
    pub state: ClaimState,
    pub takes_effect_at: String,
    pub objected_at: Option<String>,
    pub reason: Option<String>,
    pub managed_at: Option<String>,
}

fn domains_of(organization: &str) -> String {
    format!("/organizations/{}/domains", segment(organization))
}

fn path_of(organization: &str, domain: &str) -> String {
    format!("{}/{}", domains_of(organization), segment(domain))
}

impl Client {
    /// The domains of an organization, by name.
    pub fn list_domains(&self, organization: &str) -> List<Domain> {
        self.list(&with_query(&domains_of(organization), &[("limit", AT_ONCE)]))
    }

    /// Adds a domain: the answer says which record shows it.
    pub async fn add_domain(&self, organization: &str, domain: &str) -> Result<Domain, Error> {
        self.post(&domains_of(organization), &json!({ "domain": domain }), None).await
    }

    /// One of them.
    pub async fn view_domain(&self, organization: &str, domain: &str) -> Result<Domain, Error> {
        self.get(&path_of(organization, domain)).await
    }

    /// Has the name servers asked now.
    pub async fn check_domain(&self, organization: &str, domain: &str) -> Result<Checked, Error> {
        self.post(&format!("{}/check", path_of(organization, domain)), &json!({}), None).await
    }

    /// Whom a claim would touch; claims nobody.
    pub async fn preview_claim(&self, organization: &str, domain: &str) -> Result<ClaimPreview, Error> {
        self.post(&format!("{}/preview", path_of(organization, domain)), &json!({}), None).await
    }

    /// The accounts at a verified domain, by address.
    pub fn list_domain_accounts(&self, organization: &str, domain: &str) -> List<DomainAccount> {
        self.list(&with_query(&format!("{}/accounts", path_of(organization, domain)), &[("limit", AT_ONCE)]))
    }

    /// Claims accounts that were previewed, by address or id; everybody who can be claimed when none are named. Each person is
    /// told and can object.
    pub async fn claim_accounts(
        &self,
        (organization, domain): (&str, &str),
        digest: &str,
        accounts: Option<&[&str]>,
        idempotency_key: Option<&str>,
    ) -> Result<Announced, Error> {
        let body = json!({ "digest": digest, "accounts": accounts });
        self.post(&format!("{}/claim", path_of(organization, domain)), &body, idempotency_key).await
    }

    /// Removes a domain; everybody who is managed by it is released. The version is the organization's.
    pub async fn remove_domain(&self, organization: &str, domain: &str, version: &Version) -> Result<(), Error> {
        self.delete(&path_of(organization, domain), Some(version)).await
    }

    /// The accounts that an organization manages or has claimed, by address.
    pub fn list_managed_accounts(&self, organization: &str, state: Option<&ClaimState>) -> List<ManagedAccount> {
        let path = format!("/organizations/{}/managed-accounts", segment(organization));
        self.list(&with_query(&path, &[("state", state.map(ClaimState::as_str)), ("limit", AT_ONCE)]))
    }

    /// Releases an account, or withdraws its claim. The version is the organization's.
    pub async fn release_account(&self, organization: &str, account: &str, version: &Version) -> Result<(), Error> {
        let path = format!("/organizations/{}/managed-accounts/{}", segment(organization), segment(account));
        self.delete(&path, Some(version)).await
    }

    /// Objects to the claim of one's own account, before it takes effect.
    pub async fn object_to_claim(&self, reason: &str) -> Result<(), Error> {
        self.post("/me/management/object", &json!({ "reason": reason }), None).await
    }
}
