//! Tokens of one's own.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// One thing a token may be used for. A token never allows more than its owner may do.
    Scope {
        Read = "read",
        Write = "write",
        Link = "link",
        /// Ask for something that its person confirms in the product: for an assistant.
        Ask = "ask",
        Admin = "admin",
        /// Ask what workspaces may use, whichever they are: for a product. Only for operators.
        Entitlements = "entitlements",
        /// Run the installation. Only for operators.
        Operator = "operator",
    }
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Token {
    pub id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: String,
    /// To the minute.
    pub last_used_at: Option<String>,
    pub expires_at: String,
}

/// A new token, with the secret that is never shown again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NewToken {
    #[serde(flatten)]
    pub token: Token,
    pub secret: Secret,
}

/// A secret; only [`reveal`](Secret::reveal) shows it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[derive(Deserialize)]
struct Made {
    token: NewToken,
}

impl Client {
    /// One's tokens, oldest first; never their secrets.
    pub fn list_tokens(&self) -> List<Token> {
        self.list("/tokens")
    }

    /// Makes a token, at most as mighty as the one used, for 1 to 366 days (90 when not said).
    ///
    /// It takes no idempotency key, because the answer holds a secret: whoever did not hear it makes another one.
    pub async fn create_token(&self, name: &str, scopes: &[Scope], days: Option<i64>) -> Result<NewToken, Error> {
        let wanted = json!({ "name": name, "scopes": scopes, "days": days });
        Ok(self.post::<Made>("/tokens", &wanted, None).await?.token)
    }

    /// Ends one of one's tokens.
    pub async fn revoke_token(&self, token: &str) -> Result<(), Error> {
        self.delete(&format!("/tokens/{}", segment(token)), None).await
    }
}
