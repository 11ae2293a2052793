//! `orglink entitlement …`

use clap::Subcommand;
use serde_json::Value;

use super::organization::list;
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Entitlement {
    /// Every feature, and what each waits for
    List {
        /// The workspace, by slug or id
        #[arg(long, value_name = "WORKSPACE")]
        workspace: String,
    },
    /// Whether a workspace may use a feature, with every condition and what makes it so
    Explain {
        /// The workspace, by slug or id
        #[arg(long, value_name = "WORKSPACE")]
        workspace: String,
        /// The feature, by its name in the catalog
        #[arg(long, value_name = "FEATURE")]
        feature: String,
    },
}

impl Entitlement {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let of = |workspace: &str| format!("/workspaces/{}/entitlements", segment(workspace));
        match self {
            Self::List { workspace } => {
                let mut items = client.list(&of(&workspace)).await?;
                if !reach.json {
                    for e in &mut items {
                        let failing = failing(e).map(|c| format!("{} {}", text(c, "remedy"), text(c, "who")));
                        e["waits_for"] = failing.collect::<Vec<_>>().join(" / ").into();
                    }
                }
                list(
                    reach,
                    &items,
                    &[("feature", "feature"), ("entitled", "entitled"), ("waits_for", "waits for (who)")],
                );
            }
            Self::Explain { workspace, feature } => {
                let answer = client.get(&format!("{}/{}", of(&workspace), segment(&feature))).await?;
                if reach.json {
                    print_json(&answer);
                    return Ok(exit::DONE);
                }
                let title = text(&answer, "title");
                if answer["entitled"] == true {
                    println!("{workspace} may use {title}.");
                } else {
                    println!("{workspace} may not use {title} yet.");
                }
                for condition in answer["conditions"].as_array().into_iter().flatten() {
                    let since = text(condition, "since");
                    let since = if since.is_empty() { since } else { format!(" (since {since})") };
                    println!("  {:<3} {}{since}", yes(&condition["holds"]), text(condition, "detail"));
                }
                for condition in failing(&answer) {
                    println!("{} Who can do that: {}", text(condition, "remedy"), text(condition, "who"));
                    for step in condition["steps"].as_array().into_iter().flatten() {
                        println!("  {}: {}", text(step, "label"), text(step, "url"));
                    }
                }
            }
        }
        Ok(exit::DONE)
    }
}

fn failing(entitlement: &Value) -> impl Iterator<Item = &Value> {
    entitlement["conditions"].as_array().into_iter().flatten().filter(|c| c["holds"] == false)
}

fn yes(value: &Value) -> String {
    if value == true { "yes".to_owned() } else { "no".to_owned() }
}
