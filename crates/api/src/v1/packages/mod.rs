mod list_packages;
pub use list_packages::*;
