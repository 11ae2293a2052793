//! The bills of billing accounts.

mod manage_invoices;
mod view;
mod view_invoice;

pub use manage_invoices::*;
pub use view_invoice::*;
