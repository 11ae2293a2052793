//! Personal access tokens: what a script may do in somebody's name.

use crate::words;

words! {
    /// One thing a token may be used for. A token never allows more than its owner may do.
    "scope" Scope {
        /// Read whatever the owner may read.
        Read = "read",
        /// Create and change, except what the other scopes name.
        Write = "write",
        /// Link a workspace to an organization.
        Link = "link",
        /// Administer people and tokens.
        Admin = "admin",
        /// Run the installation: import, export, all events. Only for operators.
        Operator = "operator",
    }
}

/// What every token starts with, so that a leaked one is recognised by secret scanners.
pub const TOKEN_PREFIX: &str = "olk_";
