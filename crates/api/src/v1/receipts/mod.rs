mod export_receipt;
pub use export_receipt::*;
