mod explain_access;
pub use explain_access::*;
