//! What workspaces cost, now and after their billing has migrated. Amounts are exact decimals in strings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// Where a bill of the time before the migration stands.
    InvoiceState { Open = "open", Paid = "paid", Void = "void" }
}

/// An amount, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Price {
    /// Net.
    pub amount: Option<String>,
    /// `no_price` or `too_many_people`, when there is none.
    pub code: Option<String>,
    pub detail: Option<String>,
}

/// How a workspace is billed before its billing migrates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Billing {
    pub plan: String,
    pub billing_cycle: String,
    /// ISO 4217.
    pub currency: String,
    /// The name of its tax in the catalog.
    pub tax: String,
    /// Members: everybody takes a seat.
    pub people: u32,
    /// Up to, and without, this day all is paid.
    pub next_bill_on: Option<String>,
    /// What the next period will cost.
    pub estimate: Price,
    pub estimate_tax: Option<String>,
    /// The day whose prices the estimate is by.
    pub estimate_on: String,
    pub billing_contacts: Vec<String>,
    pub technical_contacts: Vec<String>,
    /// Whoever sells it on, and pays.
    pub reseller: Option<String>,
}

/// A bill of the time before the migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Invoice {
    pub number: String,
    pub issued_on: String,
    pub period_from: Option<String>,
    /// Without this day.
    pub period_until: Option<String>,
    pub currency: String,
    pub net: String,
    pub tax: String,
    pub total: String,
    pub state: InvoiceState,
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Preview {
    /// The day whose prices it is by.
    pub on: String,
    pub workspaces: Vec<WorkspacePreview>,
    /// One bill each, after the migration.
    pub payers: Vec<Payer>,
    pub totals: Vec<Total>,
}

/// One workspace, before and after; for one period of its cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkspacePreview {
    pub workspace: String,
    pub plan: String,
    pub billing_cycle: String,
    pub currency: String,
    pub people: u32,
    pub today: Price,
    /// The same: linking changes nothing about money.
    pub after_link: Price,
    pub after_migration: Price,
    /// Up to, and without, this day all is paid.
    pub paid_until: Option<String>,
    pub first_charge: Option<FirstCharge>,
}

/// The first thing that is charged after the migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FirstCharge {
    pub from: String,
    /// Without this day.
    pub until: String,
    pub amount: String,
}

/// What one payer is charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Payer {
    pub contacts: Vec<String>,
    pub reseller: Option<String>,
    pub currency: String,
    pub tax: String,
    pub workspaces: Vec<String>,
    /// Everybody in each workspace.
    pub seats: u32,
    /// Everybody once.
    pub distinct_people: u32,
    /// By cycle, what a period costs.
    pub today: BTreeMap<String, Bill>,
    pub after_migration: BTreeMap<String, Bill>,
}

/// A net sum, the tax on it, and both together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bill {
    pub net: String,
    pub tax: String,
    pub total: String,
}

/// Everything of one currency, net, for twelve months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Total {
    pub currency: String,
    pub today: String,
    pub after_link: String,
    pub after_migration: String,
}

impl Client {
    /// How a workspace (slug or id) is billed.
    pub async fn view_billing(&self, workspace: &str) -> Result<Billing, Error> {
        self.get(&format!("/workspaces/{}/billing", segment(workspace))).await
    }

    /// The bills that a workspace had before its billing migrated.
    pub fn list_workspace_invoices(&self, workspace: &str) -> List<Invoice> {
        self.list(&format!("/workspaces/{}/billing/invoices", segment(workspace)))
    }

    /// What workspaces (slugs or ids) pay today and after their billing has migrated.
    pub async fn preview_billing(&self, workspaces: &[&str]) -> Result<Preview, Error> {
        let named: Vec<String> = workspaces.iter().map(|w| segment(w)).collect();
        self.get(&format!("/billing/preview?workspaces={}", named.join(","))).await
    }
}
