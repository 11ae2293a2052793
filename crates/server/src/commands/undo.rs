//! `orglink undo`

use std::io::IsTerminal as _;

use clap::Args;
use serde_json::{Value, json};

use super::ask::confirm;
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Args)]
pub struct Undo {
    /// The workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE")]
    workspace: String,
    /// Why; the admins of both sides read it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Show what undoing would do; undo nothing
    #[arg(long)]
    dry_run: bool,
}

impl Undo {
    pub async fn run(self, reach: &Reach) -> Outcome {
        if !self.yes && !self.dry_run && !std::io::stdin().is_terminal() {
            let text = "nobody is there to ask: give --yes, or look first with --dry-run";
            return Err(Failed::Usage(text.to_owned()));
        }
        let client = Client::open(reach).await?;
        let path = format!("/workspaces/{}/link/undo", segment(&self.workspace));
        let plan = client.get(&path).await?;
        if self.dry_run {
            if reach.json {
                print_json(&json!({ "plan": plan }));
            } else {
                print_plan(&plan);
            }
            return Ok(exit::DONE);
        }
        if !self.yes {
            print_plan(&plan);
            if !confirm("\nUndo the link now?")? {
                return Err(Failed::Usage("nothing was undone".to_owned()));
            }
        }
        let body = json!({ "plan_digest": plan["digest"], "reason": self.reason });
        let answer = client.post(&path, &body, None).await?;
        if reach.json {
            print_json(&answer);
        } else {
            let (w, o) = (&plan["document"]["workspace"], &plan["document"]["organization"]);
            println!("{} is no longer linked to {}.", text(w, "slug"), text(o, "slug"));
            if answer["organizations"].as_u64() > Some(0) {
                println!("The organization {} was made for it alone, and is deleted.", text(o, "slug"));
            }
        }
        Ok(exit::DONE)
    }
}

fn print_plan(plan: &Value) {
    let document = &plan["document"];
    let (w, o) = (&document["workspace"], &document["organization"]);
    println!(
        "Undo the link of {} ({}) to {} ({}).",
        text(w, "name"),
        text(w, "slug"),
        text(o, "name"),
        text(o, "slug")
    );
    println!("People, permissions and billing stay as they are.");
    println!("  features before: {}", text(&document["entitlements"], "before"));
    println!("  features after:  {}", text(&document["entitlements"], "after"));
    if o["is_deleted"] == true {
        println!("  ! the organization was made for this link alone, and is deleted with it");
    }
    println!("  possible until {}", text(plan, "undo_until"));
    println!("  plan {}", text(plan, "digest"));
}
