//! The bills of billing accounts. One a month and account, on its first day, numbered without gaps over the whole installation;
//! payment itself is the operator's, who hears of each by its event and takes all of them out.
//!
//! A bill charges what no bill before has charged (`orglink_domain::billing::invoice`), so that one that comes late loses nothing and
//! nothing is charged twice. It never changes.

mod issue_invoices;
mod reconcile;
mod view_invoice;

pub use issue_invoices::{Issued, issue_due, issue_invoices};
pub use orglink_store::invoice::Invoice;
pub use reconcile::{Reconciliation, Uncharged, reconcile};
pub use view_invoice::{InvoiceView, invoice_csv, list_account_invoices, list_all_invoices, view_invoice};
