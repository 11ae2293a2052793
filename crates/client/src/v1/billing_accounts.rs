//! Who pays in an organization once billing has migrated, for what, and what was billed. Amounts are exact decimals in strings, days
//! `2027-03-01`.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// What somebody wants of a billing account.
    RequestKind {
        /// Another is to pay.
        Payer = "payer",
        /// Whoever pays no longer wants to.
        Release = "release",
        /// Another account is to pay for everything of it.
        Merge = "merge",
    }
}

/// A billing account, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BillingAccountListed {
    pub id: String,
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// The name of its tax in the catalog.
    pub tax: String,
    /// How many workspaces it pays for.
    pub workspaces: u64,
    /// Another account pays for everything of it.
    pub merged: bool,
    pub created_at: String,
}

/// A billing account, with everybody on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BillingAccount {
    pub id: String,
    pub name: String,
    /// Its slug.
    pub organization: String,
    /// Whom its bills are for, as it stands on them; lines of text.
    pub bill_to: String,
    pub currency: String,
    pub tax: String,
    /// All are equal.
    pub admins: Vec<BillingAdmin>,
    /// The address of whoever pays instead of its admins.
    pub payer: Option<String>,
    pub workspaces: u64,
    /// Up to, and without, this day bills were made.
    pub invoiced_until: Option<String>,
    pub merged_into: Option<String>,
    /// What somebody wants of it.
    pub request: Option<BillingRequest>,
    /// Other accounts that ask it to pay for everything of theirs.
    pub asked_by: Vec<BillingRequest>,
    pub version: u64,
    pub created_at: String,
}

/// An admin of a billing account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BillingAdmin {
    pub id: String,
    pub email: String,
    pub name: String,
}

/// Something that takes the yes of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BillingRequest {
    /// The account that would change by it.
    pub billing_account: String,
    pub name: String,
    pub kind: RequestKind,
    /// The address of whoever is to pay, or the name of the account that is.
    pub who: String,
    /// It is yours to agree to.
    pub may_agree: bool,
    /// Of what is agreed to.
    pub digest: String,
    pub expires_at: String,
}

/// A bill, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BillListed {
    /// As it is printed.
    pub number: String,
    pub issued_on: String,
    pub due_on: String,
    pub period_from: String,
    /// Without this day.
    pub period_until: String,
    pub currency: String,
    pub net: String,
    pub tax: String,
    pub total: String,
}

/// A bill of a billing account. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bill {
    #[serde(flatten)]
    pub listed: BillListed,
    /// 1, 2, 3 … over the whole installation, without gaps.
    pub sequence: u64,
    /// Slug of the organization.
    pub organization: String,
    pub billing_account: String,
    pub billing_account_name: String,
    pub bill_to: String,
    pub issuer: String,
    pub tax_title: String,
    /// Of the net sum.
    pub tax_percent: String,
    pub lines: Vec<BillLine>,
}

/// What one workspace is charged for some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BillLine {
    pub workspace_id: String,
    /// As it was called then.
    pub workspace: String,
    pub name: String,
    pub plan: String,
    pub billing_cycle: String,
    /// Its members when the bill was made.
    pub people: u32,
    pub from: String,
    /// Without this day.
    pub until: String,
    pub net: String,
}

impl Client {
    /// The billing accounts of an organization (slug or id).
    pub fn list_billing_accounts(&self, organization: &str) -> List<BillingAccountListed> {
        self.list(&format!("/organizations/{}/billing-accounts", segment(organization)))
    }

    /// Those that one administers or pays.
    pub fn list_my_billing_accounts(&self) -> List<BillingAccountListed> {
        self.list("/me/billing-accounts")
    }

    /// A billing account by its id.
    pub async fn view_billing_account(&self, id: &str) -> Result<BillingAccount, Error> {
        self.get(&format!("/billing-accounts/{}", segment(id))).await
    }

    /// Agrees to what was looked at; refused (`plan_changed`) when it is something else by now.
    pub async fn agree_to_billing_request(&self, request: &BillingRequest) -> Result<(), Error> {
        let path = format!("/billing-accounts/{}/agreement", segment(&request.billing_account));
        self.post(&path, &json!({ "digest": request.digest }), None).await
    }

    /// Says no to a request, or takes one's own back.
    pub async fn end_billing_request(&self, request: &BillingRequest) -> Result<(), Error> {
        let path = format!("/billing-accounts/{}/request", segment(&request.billing_account));
        self.delete(&path, None).await
    }

    /// The bills of a billing account, the newest first.
    pub fn list_account_invoices(&self, id: &str) -> List<BillListed> {
        self.list(&format!("/billing-accounts/{}/invoices", segment(id)))
    }

    /// A bill by its number.
    pub async fn view_invoice(&self, number: &str) -> Result<Bill, Error> {
        self.get(&format!("/invoices/{}", segment(number))).await
    }

    /// All bills by their numbers, for whoever collects the money. For operators.
    pub fn list_all_invoices(&self) -> List<Bill> {
        self.list("/operator/invoices")
    }
}
