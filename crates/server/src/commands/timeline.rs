//! `orglink timeline`

use clap::Args;

use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Args)]
pub struct Timeline {
    /// The workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE")]
    workspace: String,
}

impl Timeline {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let found = client.get(&format!("/workspaces/{}/timeline", segment(&self.workspace))).await?;
        if reach.json {
            print_json(&found);
            return Ok(exit::DONE);
        }
        let entries = found["entries"].as_array().cloned().unwrap_or_default();
        if entries.is_empty() {
            println!("Nothing has happened to {} yet, and no date is set.", self.workspace);
        }
        for entry in &entries {
            let by = text(entry, "by");
            if entry["is_to_come"] == true {
                println!("{}  to come: {}", text(entry, "at"), text(entry, "what"));
            } else {
                println!("{}  {by} {}", text(entry, "at"), text(entry, "what"));
            }
            println!("    changes: {}", text(entry, "changes"));
            println!("    leaves:  {}", text(entry, "leaves"));
        }
        Ok(exit::DONE)
    }
}
