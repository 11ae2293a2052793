//! `orglink billing …`

use clap::{Args, Subcommand};
use serde_json::Value;

use super::organization::list;
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Billing {
    /// How a workspace is billed: plan, seats, next bill and estimate
    Show {
        /// The workspace, by slug or id
        #[arg(long, value_name = "WORKSPACE")]
        workspace: String,
    },
    /// The bills that a workspace had before its billing migrated
    Invoices {
        /// The workspace, by slug or id
        #[arg(long, value_name = "WORKSPACE")]
        workspace: String,
    },
    /// What workspaces pay today, after their link (the same), and after their billing has migrated
    Preview(Preview),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Of {
    /// A workspace, by slug or id; can be given several times
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Vec<String>,
    /// Everything that is linked to this organization
    #[arg(long, value_name = "ORGANIZATION")]
    organization: Option<String>,
}

#[derive(Debug, Args)]
pub struct Preview {
    #[command(flatten)]
    of: Of,
    /// By the prices of this day, such as 2026-06-01; today when absent
    #[arg(long, value_name = "DAY")]
    on: Option<String>,
}

impl Billing {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Show { workspace } => {
                let found = client.get(&format!("/workspaces/{}/billing", segment(&workspace))).await?;
                if reach.json {
                    print_json(&found);
                } else {
                    print_billing(&workspace, &found);
                }
            }
            Self::Invoices { workspace } => {
                let path = format!("/workspaces/{}/billing/invoices?limit=500", segment(&workspace));
                let items = client.list(&path).await?;
                let columns = [
                    ("number", "number"),
                    ("issued_on", "issued"),
                    ("period_from", "from"),
                    ("period_until", "until"),
                    ("total", "total"),
                    ("currency", "currency"),
                    ("state", "state"),
                ];
                list(reach, &items, &columns);
            }
            Self::Preview(preview) => {
                let found = client.get(&preview.path()).await?;
                if reach.json {
                    print_json(&found);
                } else {
                    print_preview(&found);
                }
            }
        }
        Ok(exit::DONE)
    }
}

impl Preview {
    fn path(&self) -> String {
        let workspaces: Vec<String> = self.of.workspace.iter().map(|w| segment(w)).collect();
        let mut path = format!("/billing/preview?workspaces={}", workspaces.join(","));
        for (name, value) in [("organization", &self.of.organization), ("on", &self.on)] {
            if let Some(value) = value {
                path = format!("{path}&{name}={}", segment(value));
            }
        }
        path
    }
}

/// An amount with its currency, or why there is none.
fn money(price: &Value, currency: &str) -> String {
    match price["amount"].as_str() {
        Some(amount) => format!("{amount} {currency}"),
        None => text(price, "detail"),
    }
}

fn print_billing(workspace: &str, found: &Value) {
    let currency = text(found, "currency");
    println!("{workspace} is on the plan {}, billed {}.", text(found, "plan"), text(found, "billing_cycle"));
    println!("{} people take a seat.", found["people"]);
    match found["estimate"]["amount"].as_str() {
        Some(_) => println!(
            "The next bill will be about {} and {} {currency} of tax, by the prices of {}.",
            money(&found["estimate"], &currency),
            text(found, "estimate_tax"),
            text(found, "estimate_on")
        ),
        None => println!("{}", text(&found["estimate"], "detail")),
    }
    let facts = [
        ("all is paid until", "next_bill_on"),
        ("billing contacts", "billing_contacts"),
        ("technical contacts", "technical_contacts"),
        ("reseller", "reseller"),
    ];
    for (what, field) in facts {
        let value = text(found, field);
        println!("  {what}: {}", if value.is_empty() { "none" } else { &value });
    }
}

fn print_preview(found: &Value) {
    let items = |field: &str| found[field].as_array().cloned().unwrap_or_default();
    let rows: Vec<Vec<String>> = items("workspaces")
        .iter()
        .map(|w| {
            let currency = text(w, "currency");
            let first = &w["first_charge"];
            let first = match first["amount"].as_str() {
                Some(amount) => format!("{amount} for {} to {}", text(first, "from"), text(first, "until")),
                None => String::new(),
            };
            vec![
                text(w, "workspace"),
                text(w, "plan"),
                text(w, "billing_cycle"),
                text(w, "people"),
                money(&w["today"], &currency),
                money(&w["after_migration"], &currency),
                first,
            ]
        })
        .collect();
    print_table(
        &["workspace", "plan", "billed", "people", "today and after the link", "after the migration", "first charge"],
        &rows,
    );
    for payer in items("payers") {
        let who = match payer["reseller"].as_str() {
            Some(reseller) => reseller.to_owned(),
            None => text(&payer, "contacts"),
        };
        let who = if who.is_empty() { "nobody yet (no billing contact)".to_owned() } else { who };
        for (cycle, bill) in payer["after_migration"].as_object().into_iter().flatten() {
            println!(
                "One {cycle} bill for {who}: {} {} and {} of tax, for {}.",
                text(bill, "net"),
                text(&payer, "currency"),
                text(bill, "tax"),
                text(&payer, "workspaces")
            );
        }
    }
    for total in items("totals") {
        println!(
            "In twelve months: {} today, {} after the link, {} after the migration ({}).",
            text(&total, "today"),
            text(&total, "after_link"),
            text(&total, "after_migration"),
            text(&total, "currency")
        );
    }
    println!("Linking changes nothing about money. Billing migrates later, with its own notice.");
}
