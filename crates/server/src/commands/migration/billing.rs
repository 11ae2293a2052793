//! `orglink migration billing …`

use clap::{Args, Subcommand};
use serde_json::Value;

use super::require_purpose;
use crate::client::{Client, Reach, segment};
use crate::commands::ask::Sure;
use crate::commands::campaign::{Campaign, Rehearse};
use crate::commands::text;
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Billing {
    /// What the migration means for a workspace: whether it would migrate, when, who pays then, what is in the way
    Plan(Of),
    /// What would happen on a day: everything, row by row; nothing changes. A campaign with purpose = "billing"
    Rehearse(Rehearse),
    /// Do what is due of such a campaign now, to the end
    Run {
        campaign: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// Agree, as the reseller of a workspace
    Agree(Of),
    /// No longer agree
    Withdraw(Of),
}

#[derive(Debug, Args)]
pub struct Of {
    /// The workspace, by slug or id; can be given several times
    #[arg(long, value_name = "WORKSPACE", required = true)]
    workspace: Vec<String>,
}

impl Billing {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let path = |workspace: &str, end: &str| format!("/workspaces/{}/billing/{end}", segment(workspace));
        match self {
            Self::Plan(of) => {
                let mut plans = Vec::new();
                for workspace in &of.workspace {
                    plans.push(client.get(&path(workspace, "migration")).await?);
                }
                if reach.json {
                    print_json(&serde_json::json!({ "items": plans, "next": null }));
                } else {
                    plans.iter().for_each(print_plan);
                }
            }
            Self::Rehearse(wanted) => {
                require_purpose(&client, &wanted.campaign, "billing").await?;
                return Box::pin(Campaign::Rehearse(wanted).run(reach)).await;
            }
            Self::Run { campaign, sure } => {
                require_purpose(&client, &campaign, "billing").await?;
                return Box::pin(Campaign::Run { campaign, sure }.run(reach)).await;
            }
            Self::Agree(of) => {
                for workspace in &of.workspace {
                    let plan = client.get(&path(workspace, "migration")).await?;
                    let body = serde_json::json!({ "plan_digest": plan["digest"] });
                    client.put(&path(workspace, "agreement"), Some(&body)).await?;
                    println!("You agreed that the billing of {workspace} migrates.");
                }
            }
            Self::Withdraw(of) => {
                for workspace in &of.workspace {
                    client.delete(&path(workspace, "agreement")).await?;
                    println!("You no longer agree that the billing of {workspace} migrates.");
                }
            }
        }
        Ok(exit::DONE)
    }
}

fn print_plan(plan: &Value) {
    println!("{}: {}", text(plan, "workspace"), text(plan, "state"));
    for (what, field) in
        [("organization", "organization"), ("charged from", "charged_from"), ("migrated at", "migrated_at")]
    {
        let value = text(plan, field);
        if !value.is_empty() {
            println!("  {what}: {value}");
        }
    }
    if let Some(campaign) = plan["campaign"].as_object() {
        let of = |field: &str| campaign.get(field).and_then(Value::as_str).unwrap_or_default();
        println!(
            "  {}: migrates on {}; more time can be asked for until {}",
            of("name"),
            of("migrates_on"),
            of("ask_until")
        );
    }
    let blockers: Vec<&Value> = plan["blockers"].as_array().into_iter().flatten().collect();
    if blockers.is_empty() && plan["state"] != "migrated" {
        println!("  Nothing stands in its way.");
    }
    for blocker in blockers {
        println!("  - {} ({})", text(blocker, "detail"), text(blocker, "code"));
        println!("    {} Who: {}.", text(blocker, "remedy"), text(blocker, "who"));
    }
}
