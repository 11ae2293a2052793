//! The whole of orglink, on both databases: use cases, the API and the pages through the real router, the program
//! started for real.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod account;
mod activity;
mod architecture;
mod assistants;
mod audit;
mod authzen;
mod away;
mod bulk;
mod campaign;
mod campaign_faults;
mod campaign_model;
mod cli;
mod client;
mod consent;
mod consent_model;
mod database;
mod doctor;
mod entitlements;
mod events;
mod explain;
mod extension;
mod faults;
mod features;
mod freeze;
mod import;
mod leaving;
mod ledger;
mod limits;
mod link;
mod mail;
mod mailed;
mod mine;
mod notify;
mod ofrep;
mod operator;
mod organization;
mod passkey;
mod people;
mod races;
mod receipt;
mod recommendation;
mod recovery;
mod registry;
mod retention;
mod sign_in;
mod step_up;
mod transfer;
mod undo;
mod unlink;
mod walk;
mod watching;
mod webhook;
mod workspace;
