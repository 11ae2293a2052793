//! Who pays in an organization after billing has migrated.

use crate::clock::Timestamp;
use serde_json::json;

use crate::day::Day;
use crate::digest::{Digest, canonical_json};
use crate::id::{AccountId, BillingAccountId, BillingRequestId, LinkId, OrganizationId};
use crate::money::Currency;
use crate::words;

/// A billing account: what is on one bill. Its admins are all equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingAccount {
    pub id: BillingAccountId,
    pub organization: OrganizationId,
    pub name: String,
    /// What stands on its bills as who they are for: a company, its address, its tax number. Lines of text.
    pub bill_to: String,
    pub currency: Currency,
    /// The name of its tax in the catalog.
    pub tax: String,
    /// A reseller, or whoever agreed to pay instead.
    pub payer: Option<AccountId>,
    /// Up to, and without, this day bills were made, whether or not there was anything to charge.
    pub invoiced_until: Option<Day>,
    /// It was merged into another one. Its bills stay.
    pub merged_into: Option<BillingAccountId>,
    pub version: i64,
    pub created_at: Timestamp,
}

words! {
    /// What somebody wants of a billing account that others must agree to.
    "kind of request" RequestKind {
        /// Somebody else is to pay; they must agree.
        Payer = "payer",
        /// Whoever pays no longer wants to; an admin of the account must agree.
        Release = "release",
        /// Another account is to pay for what this one does; an admin of that one must agree.
        Merge = "merge",
    }
}

/// One that is open. There is at most one of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingRequest {
    pub id: BillingRequestId,
    pub account: BillingAccountId,
    pub kind: RequestKind,
    /// The address of whoever is to pay.
    pub payer: Option<String>,
    /// Which account is to pay for everything.
    pub into: Option<BillingAccountId>,
    pub asked_by: AccountId,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
}

impl BillingRequest {
    /// What somebody agrees to: what is asked, of whom, and everything that the account pays for by these links. Another workspace, another
    /// payer or another request in its place is something else.
    #[must_use]
    pub fn digest(&self, of: &BillingAccount, links: &[LinkId]) -> Digest {
        let document = json!({
            "format": "orglink-billing-request-v1",
            "request": self.id, "billing_account": self.account, "kind": self.kind,
            "payer": self.payer, "into": self.into, "pays_now": of.payer, "links": links,
        });
        Digest::of(&[&canonical_json(&document).unwrap_or_default()])
    }
}

/// What stands on a bill as who it is for: at most so many characters, in so many lines.
pub const MOST_BILL_TO: usize = 600;
const MOST_LINES: usize = 10;

/// Takes an address as somebody wrote it.
///
/// # Errors
/// What is wrong with it.
pub fn check_bill_to(given: &str) -> Result<String, String> {
    let lines: Vec<&str> = given.lines().map(str::trim).collect();
    let text = lines.join("\n").trim().to_owned();
    if text.chars().count() > MOST_BILL_TO {
        return Err(format!("has at most {MOST_BILL_TO} characters"));
    }
    if text.lines().count() > MOST_LINES {
        return Err(format!("has at most {MOST_LINES} lines"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err("holds a control character; write plain text".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lines_of_plain_text() {
        assert_eq!(check_bill_to(" Meridian Ltd \r\n 1 Quay Street\r\n"), Ok("Meridian Ltd\n1 Quay Street".to_owned()));
        assert_eq!(check_bill_to(""), Ok(String::new()));
        for bad in ["a\u{7}b", &"x".repeat(601), &"x\n".repeat(11)] {
            assert!(check_bill_to(bad).is_err(), "{bad:?}");
        }
    }
}
