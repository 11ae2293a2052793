//! What a workspace pays: today, after its link (the same) and after its billing has migrated into the organization.
//!
//! Three things that are confused easily and are kept apart here: the link changes nothing about money; the *billing
//! migration*, later and with its own notice, makes the organization pay; what has been paid before is never charged again.
//!
//! [`terms`] is the catalog's price list, [`period`] cuts a price into days, [`preview`] compares before and after,
//! [`invoice`] charges what is due afterwards.

pub mod account;
pub mod invoice;
pub mod migration;
pub mod period;
pub mod preview;
#[cfg(test)]
mod preview_tests;
pub mod terms;

pub use terms::{CountPeople, Flat, NoPrice, PerPerson, Price, Tax, Terms};

use crate::words;

words! {
    /// Where a bill of the time before the migration stands.
    "state of an invoice" InvoiceState { Open = "open", Paid = "paid", Void = "void" }
}
