//! `orglink migration users agree|withdraw|agreement`: one side's consent, beforehand, to a campaign that migrates users.

use clap::Args;
use serde_json::{Value, json};

use crate::client::{Client, Reach, segment};
use crate::commands::link::ask_warnings;
use crate::commands::proposal::Decide;
use crate::commands::text;
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

/// Which campaign, and for whom.
#[derive(Debug, Args)]
pub struct Sides {
    /// The campaign
    campaign: String,
    /// For all workspaces of this organization, as one of its admins
    #[arg(long, value_name = "ORGANIZATION", required_unless_present = "workspace")]
    organization: Option<String>,
    /// For this workspace, as one of its admins; can be given several times
    #[arg(long, short, value_name = "WORKSPACE")]
    workspace: Vec<String>,
}

impl Sides {
    /// The paths of the agreements, in the order in which they are named.
    fn paths(&self) -> Vec<String> {
        let organization = self.organization.iter().map(|o| format!("/organizations/{}", segment(o)));
        let workspaces = self.workspace.iter().map(|w| format!("/workspaces/{}", segment(w)));
        organization.chain(workspaces).map(|of| format!("{of}/users-migration/agreement")).collect()
    }

    /// What is agreed to, once it is shown that it is the campaign that was named.
    async fn look(&self, client: &Client, path: &str) -> Result<Value, Failed> {
        let found = client.get(path).await?;
        if found["campaign"] == self.campaign.as_str() {
            return Ok(found);
        }
        let going_on = text(&found, "campaign");
        Err(Failed::Usage(format!("the campaign that migrates users now is '{going_on}', not '{}'", self.campaign)))
    }

    pub async fn agree(self, reach: &Reach, decide: Decide) -> Outcome {
        let client = Client::open(reach).await?;
        decide.can(false)?;
        let mut done = Vec::new();
        for path in self.paths() {
            let found = self.look(&client, &path).await?;
            let mut body = json!({ "digest": found["digest"] });
            if decide.is_given() {
                decide.clone().into_body(&mut body, &Value::Null, "")?;
            } else {
                print(&found);
                body["acknowledge"] = ask_warnings(&found, "\nAgree?")?.into();
            }
            client.put(&path, Some(&body)).await?;
            done.push(found);
        }
        tell(reach, &done, "agreed");
        Ok(exit::DONE)
    }

    pub async fn withdraw(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let mut done = Vec::new();
        for path in self.paths() {
            let found = self.look(&client, &path).await?;
            client.delete(&path).await?;
            done.push(found);
        }
        tell(reach, &done, "no longer agree");
        Ok(exit::DONE)
    }

    pub async fn show(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let mut all = Vec::new();
        for path in self.paths() {
            all.push(self.look(&client, &path).await?);
        }
        if reach.json {
            print_json(&json!({ "items": all, "next": null }));
        } else {
            all.iter().for_each(print);
        }
        Ok(exit::DONE)
    }
}

/// The workspace, or all those of the organization.
fn about(found: &Value) -> String {
    match found["workspace"].as_str() {
        Some(workspace) => workspace.to_owned(),
        None => format!("the workspaces of {}", text(found, "organization")),
    }
}

fn tell(reach: &Reach, done: &[Value], what: &str) {
    if reach.json {
        let one = |f: &Value| json!({ "campaign": f["campaign"], "workspace": f["workspace"], "organization": f["organization"] });
        print_json(&json!({ "items": done.iter().map(one).collect::<Vec<_>>(), "next": null }));
        return;
    }
    for found in done {
        println!("You {what} that the users of {} migrate by {}.", about(found), text(found, "campaign"));
    }
}

fn print(found: &Value) {
    println!("{}: the users of {} migrate on {}.", text(found, "campaign"), about(found), text(found, "migrates_on"));
    println!("  Each group becomes one of its own; nothing is merged. Agree until {}.", text(found, "agree_until"));
    for side in found["sides"].as_array().into_iter().flatten() {
        println!("  {}  {}", text(side, "side"), text(side, "agreement"));
    }
    for blocker in found["blockers"].as_array().into_iter().flatten() {
        println!("  - {} ({})", text(blocker, "detail"), text(blocker, "code"));
        println!("    {} Who: {}.", text(blocker, "remedy"), text(blocker, "who"));
    }
}
