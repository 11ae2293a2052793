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
        /// Ask its owner to confirm something in the product: for an assistant.
        Ask = "ask",
        /// Administer people and tokens.
        Admin = "admin",
        /// Ask what workspaces may use, whichever they are: for a product. Only for operators.
        Entitlements = "entitlements",
        /// Run the installation: import, export, all events. Only for operators.
        Operator = "operator",
    }
}

impl Scope {
    /// Only operators make tokens with it.
    #[must_use]
    pub const fn is_for_operators(self) -> bool {
        matches!(self, Self::Entitlements | Self::Operator)
    }

    /// What it allows, in words: on pages, in the API's documents, in the CLI.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Read => "Read whatever you may read.",
            Self::Write => "Create and change, except what the other scopes name.",
            Self::Link => "Link a workspace to an organization.",
            Self::Ask => "Ask you to confirm something, which changes nothing until you do: for an assistant.",
            Self::Admin => "Administer your tokens and sessions.",
            Self::Entitlements => {
                "Ask what workspaces may use, whichever they are: for a product's own token. Only for operators."
            }
            Self::Operator => "Run the installation: import, export, everybody's events. Only for operators.",
        }
    }
}

/// What every token starts with, so that a leaked one is recognised by secret scanners.
pub const TOKEN_PREFIX: &str = "olk_";

/// The same of the tokens of extensions, which speak for nobody.
pub const EXTENSION_TOKEN_PREFIX: &str = "ole_";
