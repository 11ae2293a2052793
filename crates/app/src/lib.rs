//! What can be done with orglink: one use case per file, each with one transaction and one name.
//!
//! A use case loads every object *through its tenant* (see [`tenant`]), asks the policies, calls pure `domain`
//! functions, and writes in one short guarded transaction that also appends the event. No surface holds a
//! rule; no use case holds SQL. What somebody may not do comes back as a [`Error`] that every surface
//! translates in its own way, once.

mod administration;
mod change;
mod context;
mod csv;
mod dns;
mod error;
pub mod idempotency;
mod page;
mod password;
mod principal;
mod reason;
mod secret;
mod settings;
mod turns;

pub mod access_request;
pub mod account;
pub mod assistant;
pub mod billing;
pub mod billing_account;
pub mod campaign;
pub mod catalog;
pub mod consent;
pub mod directory;
pub mod doctor;
pub mod domain_claim;
pub mod eligibility;
pub mod entitlement;
pub mod event;
pub mod explain;
pub mod export;
pub mod extension;
pub mod feed;
pub mod import;
pub mod inbox;
pub mod installation;
pub mod invitation;
pub mod invoice;
pub mod last_seen;
pub mod ledger;
pub mod link;
pub mod mine;
pub mod notify;
pub mod offer;
pub mod one_time;
pub mod operator;
pub mod organization;
pub mod outbox;
pub mod passkey;
pub mod place;
pub mod receipt;
pub mod record;
pub mod recovery;
pub mod recovery_code;
pub mod registry;
pub mod repository;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod system;
pub mod tenant;
pub mod token;
pub mod tracker;
pub mod upkeep;
pub mod user_group;
pub mod user_management;
pub mod webhook;
pub mod workspace;

pub use change::Expected;
pub use context::App;
pub use csv::csv_cell;
pub use error::{Error, InputError, Refusal, RefusalReason};
pub use orglink_store::token::Token as StoredToken;
pub use page::{Page, PageRequest};
pub use password::MINIMUM_PASSWORD_LENGTH;
pub use principal::{ExtensionPrincipal, Principal};
pub use secret::{Key, Secret};
pub use settings::{
    DomainSettings, ImportLimits, MailSettings, ProposalSettings, RecoverySettings, RegistrySettings, Retention,
    Settings, WebhookSettings,
};
