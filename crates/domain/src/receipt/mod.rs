//! Receipts: one file for one act (a link, a link by a campaign, an undoing) that proves by itself, years later and on another
//! machine, what was decided, by whom and that the ledger holds it.
//!
//! A receipt is its own canonical bytes (RFC 8785, nothing before, nothing after): there is one way to write it. Whatever it states
//! is derived from the event's payload by one function ([`statement`]), which making and checking share; the payload is opened by
//! its salt from the commitment in the leaf, the leaf stands under the signed root. So nothing in it can be changed by a byte.
//! What belongs here is pure: the key's mathematics are passed in.

mod draft;
mod proven;
mod read;
mod statement;
mod tell;
#[cfg(test)]
mod tests;
mod verify;

use serde::Serialize;
use serde_json::Value;

pub use crate::link::Act;
pub use draft::Draft;
pub use proven::ProvenEvent;
pub use statement::subject_of;
pub use tell::{Fact, LIMITS};
pub use verify::{MAX_BYTES, Verified, origin_of, verify};

/// What the field `format` says.
pub const FORMAT: &str = "orglink-receipt-v1";

/// What is wrong with a receipt: the first field that is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct Wrong {
    /// As names joined by dots (`event.salt`); `file` for what is wrong with the bytes as a whole.
    pub field: String,
    pub detail: String,
}

impl Wrong {
    fn new(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: field.into(), detail: detail.into() }
    }
}

/// A field of a JSON object; null when it is not there.
fn part<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}
