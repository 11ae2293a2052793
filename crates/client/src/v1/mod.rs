//! What integrators do first, typed: one file a thing, each call named as its operation in the API's document.
//!
//! Ids, slugs, digests and times are texts: ids are UUIDs, digests `sha256:` and 64 hexadecimal digits, times RFC 3339 in
//! UTC. Fields that a newer server adds are ignored; words that it adds are kept as `Other`.

pub mod account;
pub mod billing;
pub mod billing_accounts;
pub mod campaigns;
pub mod domains;
pub mod eligibility;
pub mod entitlements;
pub mod events;
pub mod links;
pub mod organizations;
pub mod plans;
pub mod proposals;
pub mod tokens;
pub mod users;
pub mod workspaces;

/// How many items a page of a list has; the most that the server gives.
const AT_ONCE: Option<&str> = Some("500");
