//! Billing accounts: who pays in an organization after billing has migrated, and for what.

mod change_account;
mod list_accounts;
mod request;
mod split_account;
mod view;
mod view_account;

pub use change_account::*;
pub use list_accounts::*;
pub use request::*;
pub use split_account::*;
pub use view_account::*;
