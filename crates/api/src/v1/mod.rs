//! The endpoints; [`AREAS`] is the one list of them.

mod access;
mod access_requests;
mod acting;
mod billing;
mod billing_accounts;
mod campaigns;
mod directory;
mod domains;
mod eligibility;
mod entitlements;
mod events;
mod extensions;
mod freeze;
mod imports;
mod invitations;
mod invoices;
mod link_plans;
mod links;
mod mails;
mod me;
mod notifications;
mod operator;
mod organizations;
mod packages;
mod proposals;
mod receipts;
mod recoveries;
mod repositories;
mod routes;
mod sessions;
mod sites;
mod tokens;
mod tracker;
mod user_groups;
mod user_management;
mod webhooks;
mod workspaces;

pub use routes::AREAS;

use acting::Acting;
use serde::Deserialize;
use utoipa::IntoParams;

/// How much of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

impl PageQuery {
    fn request(&self) -> Result<orglink_app::PageRequest, orglink_app::Error> {
        orglink_app::PageRequest::new(self.cursor.as_deref(), self.limit)
    }
}

/// How much of a list, and of what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FilteredQuery {
    /// Only what contains this text: in the address of a person, in the slug of anything else.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

impl FilteredQuery {
    fn text(&self) -> &str {
        self.q.as_deref().unwrap_or_default()
    }

    fn request(&self) -> Result<orglink_app::PageRequest, orglink_app::Error> {
        orglink_app::PageRequest::new(self.cursor.as_deref(), self.limit)
    }
}

/// A role in a path.
fn role_word<T: std::str::FromStr<Err = orglink_domain::text::UnknownWord>>(
    given: &str,
) -> Result<T, orglink_app::Error> {
    given.parse().map_err(|e: orglink_domain::text::UnknownWord| orglink_app::Error::field("role", e.to_string()))
}

/// A state that a list is narrowed to.
fn state_word<T: std::str::FromStr<Err = orglink_domain::text::UnknownWord>>(
    given: Option<&str>,
) -> Result<Option<T>, orglink_app::Error> {
    let word = |e: orglink_domain::text::UnknownWord| orglink_app::Error::field("state", e.to_string());
    given.map(|text| text.parse().map_err(word)).transpose()
}

/// The key of a request that may be retried.
fn idempotency_key(headers: &axum::http::HeaderMap) -> Result<Option<&str>, orglink_app::Error> {
    headers
        .get("idempotency-key")
        .map(|value| value.to_str())
        .transpose()
        .map_err(|_| orglink_app::Error::field("Idempotency-Key", "a key has printable ASCII characters only"))
}
