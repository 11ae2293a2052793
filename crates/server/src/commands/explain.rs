//! `orglink explain`

use clap::Args;
use serde_json::Value;

use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Args)]
pub struct Explain {
    /// Whose access, by address or id
    #[arg(long, value_name = "ACCOUNT")]
    account: String,
    /// read, write or admin of a repository; of anything else what is decided, as view_workspace
    #[arg(long, value_name = "ACTION")]
    action: String,
    #[command(flatten)]
    thing: ThingArgs,
    /// Also as if the workspace were linked to this organization
    #[arg(long, value_name = "ORGANIZATION")]
    after_link: Option<String>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct ThingArgs {
    /// What is done with a workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Option<String>,
    /// What is done with an organization, by slug or id
    #[arg(long, value_name = "ORGANIZATION")]
    organization: Option<String>,
    /// What is done with a repository
    #[arg(long, value_name = "WORKSPACE/REPOSITORY")]
    repository: Option<String>,
    /// What is done with a user group
    #[arg(long, value_name = "WORKSPACE/GROUP")]
    user_group: Option<String>,
}

impl Explain {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let fields = [
            ("account", Some(&self.account)),
            ("action", Some(&self.action)),
            ("workspace", self.thing.workspace.as_ref()),
            ("organization", self.thing.organization.as_ref()),
            ("repository", self.thing.repository.as_ref()),
            ("user_group", self.thing.user_group.as_ref()),
            ("after_link", self.after_link.as_ref()),
        ];
        let given = fields.iter().filter_map(|(name, value)| Some(format!("{name}={}", segment(value.as_ref()?))));
        let query = given.collect::<Vec<_>>().join("&");
        let client = Client::open(reach).await?;
        let answer = client.get(&format!("/access/explanation?{query}")).await?;
        if reach.json {
            print_json(&answer);
            return Ok(exit::DONE);
        }
        let (email, action) = (text(&answer["account"], "email"), text(&answer, "action"));
        println!("{email}, {action}, {} {}", text(&answer, "kind").replace('_', " "), text(&answer, "thing"));
        print_answer("Now", &answer["now"]);
        if !answer["after"].is_null() {
            print_answer(&format!("Linked to {}", text(&answer, "after_link")), &answer["after"]);
        }
        Ok(exit::DONE)
    }
}

fn print_answer(when: &str, answer: &Value) {
    println!("{when}: {}", text(answer, "because"));
    for change in answer["change"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        println!("- {change}");
    }
}
