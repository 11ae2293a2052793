//! Billing accounts: who pays in an organization after billing has migrated. One is what is on one bill.
//!
//! Its admins are all equal: they say whom its bills are for and who else administers it, and split it. That somebody else pays, or
//! that another account pays for all of it, takes the yes of those who will: a *request*, one at a time.

pub use orglink_store::billing_account::{Admin, PaidWorkspace};

mod change;
mod change_account;
mod request;
mod split_account;
mod view_account;

pub use change_account::{AccountChange, add_billing_admin, change_billing_account, remove_billing_admin};
pub use request::{agree_to_request, ask_to_merge, ask_to_pay, ask_to_release, end_request};
pub use split_account::split_billing_account;
pub use view_account::{
    BillingAccountView, RequestView, list_my_billing_accounts, list_organization_billing_accounts,
    list_paid_workspaces, view_billing_account,
};
