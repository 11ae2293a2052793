mod check_eligibility;
mod list_eligibility;
pub use check_eligibility::*;
pub use list_eligibility::*;
