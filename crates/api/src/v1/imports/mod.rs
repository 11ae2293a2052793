mod export_records;
mod import_records;
pub use export_records::*;
pub use import_records::*;
