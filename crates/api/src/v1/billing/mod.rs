//! Money: what workspaces cost now, and after their billing has migrated.

mod list_invoices;
mod plan_migration;
mod preview_billing;
mod view;
mod view_billing;

pub use list_invoices::*;
pub use plan_migration::*;
pub use preview_billing::*;
pub use view_billing::*;
