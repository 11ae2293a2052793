//! Receipts of links, of what campaigns linked, and of undoing: made for either side, checked by anybody.

mod export_receipt;
mod verify_receipt;

pub use export_receipt::{Exported, export_link_receipt, export_workspace_receipt};
pub use verify_receipt::{find_key, verify_receipt};
