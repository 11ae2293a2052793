//! `orglink eligibility`

use clap::Args;
use serde_json::Value;

use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Args)]
pub struct Eligibility {
    /// The workspace; without it, every workspace that you administer
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Option<String>,
    /// Adds the reasons that lie in this organization
    #[arg(long, value_name = "ORGANIZATION")]
    organization: Option<String>,
}

impl Eligibility {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        if let Some(workspace) = &self.workspace {
            let pair = self.organization.as_ref().map(|o| format!("?organization={}", segment(o))).unwrap_or_default();
            let answer = client.get(&format!("/workspaces/{}/eligibility{pair}", segment(workspace))).await?;
            if reach.json {
                print_json(&answer);
            } else {
                print_answer(workspace, &answer);
            }
            return Ok(exit::DONE);
        }
        let path = match &self.organization {
            Some(o) => format!("/organizations/{}/linkable-workspaces?limit=500", segment(o)),
            None => "/eligibility?limit=500".to_owned(),
        };
        let items = client.list(&path).await?;
        if reach.json {
            print_json(&serde_json::json!({ "items": items, "next": null }));
            return Ok(exit::DONE);
        }
        let rows: Vec<Vec<String>> = items
            .iter()
            .map(|row| {
                let codes = row["reasons"].as_array().map(|r| r.iter().map(|r| text(r, "code")).collect::<Vec<_>>());
                vec![
                    text(row, "slug"),
                    if row["eligible"] == true { "yes" } else { "no" }.to_owned(),
                    codes.unwrap_or_default().join(", "),
                ]
            })
            .collect();
        print_table(&["workspace", "eligible", "reasons"], &rows);
        Ok(exit::DONE)
    }
}

fn print_answer(workspace: &str, answer: &Value) {
    let word = match (answer["eligible"] == true, answer["automatic"] == true) {
        (true, true) => "can be linked",
        (true, false) => "can be linked by a person, not automatically",
        (false, _) => "cannot be linked now",
    };
    println!("{workspace} {word}.");
    for reason in answer["reasons"].as_array().into_iter().flatten() {
        println!("- {} ({}, blocks {})", text(reason, "detail"), text(reason, "code"), text(reason, "blocks"));
        println!("  {} Who: {}.", text(reason, "remedy"), text(reason, "who"));
        if let Some(path) = reason["follow"].as_str() {
            println!("  Follow when it changes: orglink tracker follow {}", path.trim_start_matches("/tracker/"));
        }
    }
}
