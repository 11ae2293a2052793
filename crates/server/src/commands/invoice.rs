//! `orglink invoice …`

use std::io::Write as _;

use clap::Subcommand;
use serde_json::{Value, json};

use super::organization::list;
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Invoice {
    /// The bills of a billing account, the newest first
    List {
        /// Its id
        #[arg(value_name = "BILLING-ACCOUNT")]
        account: String,
    },
    /// A bill with its lines
    Show {
        /// As it is printed on the bill
        number: String,
        /// Its lines for a spreadsheet
        #[arg(long)]
        csv: bool,
    },
    /// Make all bills that are due now, as an operator; a running server does so by itself
    Issue,
    /// All bills in the order of their numbers (NDJSON), as an operator
    Export {
        /// A line a line, for a spreadsheet
        #[arg(long)]
        csv: bool,
    },
    /// Look whether all bills are right: numbers without gaps, sums to the cent, no day charged twice
    Reconcile,
}

const LINE: &[&str] = &["workspace", "name", "plan", "billing_cycle", "people", "from", "until", "net"];

impl Invoice {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List { account } => {
                let found = client.list(&format!("/billing-accounts/{}/invoices", segment(&account))).await?;
                let columns = [
                    ("number", "number"),
                    ("issued_on", "issued"),
                    ("due_on", "to be paid by"),
                    ("net", "net"),
                    ("tax", "tax"),
                    ("total", "total"),
                    ("currency", "currency"),
                ];
                list(reach, &found, &columns);
            }
            Self::Show { number, csv: true } => {
                let path = format!("/invoices/{}?format=csv", segment(&number));
                client.download(&path, &mut std::io::stdout()).await?;
            }
            Self::Show { number, csv: false } => {
                let found = client.get(&format!("/invoices/{}", segment(&number))).await?;
                if reach.json {
                    print_json(&found);
                } else {
                    print_invoice(&found);
                }
            }
            Self::Issue => {
                let done = client.post("/operator/invoices", &json!({}), None).await?;
                if reach.json {
                    print_json(&done);
                } else {
                    println!("Bills made: {}, of billing accounts: {}.", done["invoices"], done["billing_accounts"]);
                    if done["uncharged"] != 0 {
                        println!("Workspaces with no price: {} (orglink invoice reconcile)", done["uncharged"]);
                    }
                }
            }
            Self::Export { csv } => export(&client, csv).await?,
            Self::Reconcile => {
                let found = client.get("/operator/invoices/reconciliation").await?;
                if reach.json {
                    print_json(&found);
                } else {
                    print_reconciliation(&found);
                }
                if found["faults"].as_array().is_some_and(|faults| !faults.is_empty()) {
                    return Ok(exit::REFUSED);
                }
            }
        }
        Ok(exit::DONE)
    }
}

/// Page by page: there may be a million.
async fn export(client: &Client, csv: bool) -> Result<(), crate::output::Failed> {
    let mut cursor = String::new();
    if csv {
        writeln!(std::io::stdout(), "invoice,issued_on,billing_account,currency,{}", LINE.join(","))?;
    }
    loop {
        let page = client.get(&format!("/operator/invoices?limit=500&cursor={}", segment(&cursor))).await?;
        let mut text = String::new();
        for invoice in page["items"].as_array().into_iter().flatten() {
            if csv {
                csv_lines(&mut text, invoice);
            } else {
                text.push_str(&invoice.to_string());
                text.push('\n');
            }
        }
        std::io::stdout().write_all(text.as_bytes())?;
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return Ok(()),
        }
    }
}

fn csv_lines(out: &mut String, invoice: &Value) {
    for line in invoice["lines"].as_array().into_iter().flatten() {
        let head = ["number", "issued_on", "billing_account", "currency"].map(|field| text(invoice, field));
        let cells = head.into_iter().chain(LINE.iter().map(|field| text(line, field)));
        let cells: Vec<String> = cells.map(|cell| orglink_app::csv_cell(&cell)).collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
}

fn print_invoice(found: &Value) {
    println!(
        "{} of {}, to be paid by {}, for {} ({}).",
        text(found, "number"),
        text(found, "issued_on"),
        text(found, "due_on"),
        text(found, "billing_account_name"),
        text(found, "organization")
    );
    let rows: Vec<Vec<String>> = found["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| {
            ["workspace", "plan", "billing_cycle", "people", "from", "until", "net"].map(|f| text(line, f)).to_vec()
        })
        .collect();
    print_table(&["workspace", "plan", "billed", "people", "from", "until", "net"], &rows);
    println!(
        "Net {}, {} ({} %) {}: {} {}.",
        text(found, "net"),
        text(found, "tax_title"),
        text(found, "tax_percent"),
        text(found, "tax"),
        text(found, "total"),
        text(found, "currency")
    );
}

fn print_reconciliation(found: &Value) {
    println!("Bills: {}, lines: {}, the last number: {}.", found["invoices"], found["lines"], found["last"]);
    for (currency, sums) in found["sums"].as_object().into_iter().flatten() {
        println!("  {currency}: {} net, {} tax", text(sums, "net"), text(sums, "tax"));
    }
    let faults = found["faults"].as_array().cloned().unwrap_or_default();
    if faults.is_empty() {
        println!("No number is missing, every sum is that of its lines to the cent, no day is charged twice.");
    }
    for fault in &faults {
        println!("  wrong: {}", fault.as_str().unwrap_or_default());
    }
    for u in found["uncharged"].as_array().into_iter().flatten() {
        println!(
            "  not charged: {} from {} on (no price or no tax in the catalog)",
            text(u, "workspace"),
            text(u, "from")
        );
    }
}
