//! What is kept: SQLite (embedded) and PostgreSQL (several replicas) from one SQL text per statement.
//!
//! This is the only crate that names sqlx. It loads and stores; it decides nothing. Statements stand one per
//! file in `sql/<thing>/<verb>.sql`, with a `.postgres.sql` twin only where the two databases truly differ; a
//! test prepares every one of them on both. Rows are private tuples, turned into domain types here.
//!
//! Functions that read or write what belongs to a tenant take that tenant's id and cannot be called without.

#[macro_use]
mod statement;

#[cfg(test)]
mod tests;

pub mod access;
pub mod access_request;
pub mod account;
mod address;
pub mod assistant_request;
pub mod billing;
pub mod billing_account;
mod bulk;
pub mod campaign;
pub mod copy;
mod db;
pub mod directory;
pub mod domain_claim;
pub mod entitlement;
mod error;
pub mod event;
pub mod explorer;
pub mod export;
pub mod extension;
pub mod fault;
pub mod health;
pub mod idempotency;
pub mod import;
pub mod installation;
pub mod invitation;
pub mod invoice;
pub mod ledger;
pub mod link;
pub mod mail;
mod migrate;
pub mod notification;
pub mod offer;
pub mod one_time;
pub mod organization;
pub mod pair;
pub mod passkey;
pub mod path;
pub mod place;
pub mod plan;
pub mod proposal;
pub mod recommendation;
pub mod recovery;
pub mod registry;
pub mod repository;
pub mod retention;
mod room;
mod row;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod stage;
pub mod staging;
pub mod token;
pub mod tracker;
pub mod user_group;
pub mod webhook;
pub mod workspace;

pub use address::{Address, InvalidAddress};
pub use db::{Attempts, Db, Tx};
pub use error::{IsRetryable, StoreError};
