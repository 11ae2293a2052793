//! `orglink recommend`

use clap::Args;
use serde_json::Value;

use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Args)]
pub struct Recommend {
    /// The workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE")]
    workspace: String,
}

impl Recommend {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let answer = client.get(&format!("/workspaces/{}/recommendation", segment(&self.workspace))).await?;
        if reach.json {
            print_json(&answer);
            return Ok(exit::DONE);
        }
        match answer["recommended"].as_str() {
            Some(slug) => println!("{} belongs to {slug}, as far as the evidence says.", self.workspace),
            None => println!("Nothing is recommended for {}: no organization stands alone.", self.workspace),
        }
        print_candidates(&answer);
        Ok(exit::DONE)
    }
}

/// What speaks for each organization.
pub fn print_candidates(recommendation: &Value) {
    for candidate in recommendation["items"].as_array().into_iter().flatten() {
        println!("{:>3} {} ({})", text(candidate, "score"), text(candidate, "name"), text(candidate, "organization"));
        for evidence in candidate["evidence"].as_array().into_iter().flatten() {
            println!("    {:>2} {}", text(evidence, "points"), text(evidence, "detail"));
        }
    }
}
