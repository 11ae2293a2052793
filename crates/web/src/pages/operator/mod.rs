//! The operator's pages.

pub mod accounts;
pub mod campaigns;
pub mod dashboard;
pub mod freeze;
pub mod health;
pub mod imports;
pub mod invoices;
pub mod mail;
pub mod offers;
pub mod tracker;
pub mod workspaces;
