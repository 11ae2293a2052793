//! `orglink link`

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::ask::confirm;
use super::text;
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Args)]
pub struct Link {
    /// The workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE", required_unless_present = "apply")]
    workspace: Option<String>,
    /// The organization, by slug or id
    #[arg(long, value_name = "ORGANIZATION", required_unless_present = "apply")]
    organization: Option<String>,
    /// Do not ask: acknowledges every warning of the plan, and records that it did
    #[arg(long)]
    yes: bool,
    /// Acknowledge this warning (once for each)
    #[arg(long, value_name = "CODE")]
    acknowledge: Vec<String>,
    /// Show the plan; link nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the plan to this file; link nothing
    #[arg(long, value_name = "FILE")]
    plan_out: Option<PathBuf>,
    /// Link by the plan in this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "organization", "dry_run", "plan_out"])]
    apply: Option<PathBuf>,
    /// The same key gives the same answer
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

impl Link {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let decides = self.yes || !self.acknowledge.is_empty() || self.dry_run || self.plan_out.is_some();
        if !decides && !std::io::stdin().is_terminal() {
            let text = "nobody is there to ask: give --yes, or --acknowledge CODE for each warning, or look first with --dry-run";
            return Err(Failed::Usage(text.to_owned()));
        }
        let client = Client::open(reach).await?;
        let plan = self.plan(&client).await?;
        if let Some(path) = &self.plan_out {
            let file = serde_json::to_string_pretty(&json!({ "plan": plan })).unwrap_or_default();
            std::fs::write(path, file + "\n")?;
            eprintln!("The plan is in {}; nothing was linked.", path.display());
        }
        if self.dry_run || self.plan_out.is_some() {
            if reach.json {
                print_json(&json!({ "plan": plan }));
            } else {
                print_plan(plan.as_ref().unwrap_or(&Value::Null));
            }
            return Ok(exit::DONE);
        }
        let mut body = match &plan {
            Some(plan) => json!({
                "workspace": plan["document"]["workspace"]["id"],
                "organization": plan["document"]["organization"]["id"],
                "plan_digest": plan["digest"],
            }),
            None => json!({ "workspace": self.workspace, "organization": self.organization }),
        };
        if self.yes {
            body["acknowledge_all"] = true.into();
        } else if self.acknowledge.is_empty() {
            let plan = plan.as_ref().unwrap_or(&Value::Null);
            print_plan(plan);
            let is_permanent =
                plan["warnings"].as_array().is_some_and(|w| w.iter().any(|w| w["code"] == "link_is_permanent"));
            let question = if is_permanent { "\nLink now? This cannot be undone." } else { "\nLink now?" };
            body["acknowledge"] = ask_warnings(plan, question)?.into();
        } else {
            body["acknowledge"] = self.acknowledge.clone().into();
        }
        let answer = client.post("/links", &body, self.idempotency_key.as_deref()).await?;
        if reach.json {
            print_json(&answer);
        } else {
            let link = &answer["link"];
            println!("Linked {} to {}.", text(link, "workspace"), text(link, "organization"));
            println!("  link    {}", text(link, "id"));
            println!("  plan    {}", text(link, "plan_digest"));
            println!("  access  {}", text(link, "access_digest"));
        }
        Ok(exit::DONE)
    }

    /// The plan of the file, or a new one; none when it need not be shown.
    async fn plan(&self, client: &Client) -> Result<Option<Value>, Failed> {
        if let Some(path) = &self.apply {
            let bytes =
                std::fs::read(path).map_err(|e| Failed::Usage(format!("cannot read {}: {e}", path.display())))?;
            let file: Value = serde_json::from_slice(&bytes)
                .map_err(|e| Failed::Usage(format!("{} is not a plan: {e}", path.display())))?;
            return match file.get("plan") {
                Some(plan) if plan["digest"].is_string() => Ok(Some(plan.clone())),
                _ => Err(Failed::Usage(format!("{} is not a plan: it has no digest", path.display()))),
            };
        }
        if self.yes && !self.dry_run && self.plan_out.is_none() {
            return Ok(None);
        }
        let wanted = json!({ "workspace": self.workspace, "organization": self.organization });
        let mut answer = client.post("/link-plans", &wanted, None).await?;
        Ok(Some(answer["plan"].take()))
    }
}

pub fn print_plan(plan: &Value) {
    let document = &plan["document"];
    if document["action"] == "migrate_users" {
        super::migration::print_users_plan(plan);
        return;
    }
    let (w, o) = (&document["workspace"], &document["organization"]);
    let source = &document["source"];
    if source.is_object() {
        println!(
            "Move {} ({}) from {} ({}).",
            text(w, "name"),
            text(w, "slug"),
            text(source, "name"),
            text(source, "slug")
        );
        println!("It goes to {} ({}).", text(o, "name"), text(o, "slug"));
    } else {
        println!("Link {} ({}) to {} ({}).", text(w, "name"), text(w, "slug"), text(o, "name"), text(o, "slug"));
    }
    println!("Linking only. People, permissions and billing stay as they are.");
    let summary = &plan["summary"];
    println!(
        "  {} members, {} user groups, {} repositories: access unchanged",
        summary["members"], summary["user_groups"], summary["repositories"]
    );
    println!("  features before: {}", text(&document["entitlements"], "before"));
    println!("  features after:  {}", text(&document["entitlements"], "after"));
    for person in plan["people"].as_array().into_iter().flatten() {
        let on = |side: &Value| side["admins"].as_array().is_some_and(|ids| ids.contains(&person["id"]));
        let sides: Vec<&str> =
            [(on(w), "workspace"), (on(o), "organization")].iter().filter(|s| s.0).map(|s| s.1).collect();
        println!("  admin of {:<24} {} <{}>", sides.join(" and "), text(person, "name"), text(person, "email"));
    }
    for reason in plan["eligibility"]["reasons"].as_array().into_iter().flatten() {
        println!("  ! {} ({}, blocks {})", text(reason, "detail"), text(reason, "code"), text(reason, "blocks"));
    }
    if plan["recommendation"]["items"].as_array().is_some_and(|items| items.len() > 1) {
        println!("What speaks for each of your organizations:");
        super::recommend::print_candidates(&plan["recommendation"]);
    }
    let undo_seconds = text(&document["policy"], "undo_window_seconds").parse::<i64>().unwrap_or(0);
    if undo_seconds > 0 {
        let window = orglink_domain::period::Period::from_seconds(undo_seconds).to_words();
        println!("  can be undone by an admin of either side for {window}; then it is permanent");
    }
    println!("  plan {} (valid until {})", text(plan, "digest"), text(plan, "valid_until"));
}

/// Asks for each warning by its name, and then once more.
pub fn ask_warnings(plan: &Value, question: &str) -> Result<Vec<String>, Failed> {
    let mut acknowledged = Vec::new();
    for warning in plan["warnings"].as_array().into_iter().flatten() {
        println!("\n{}: {}", text(warning, "title"), text(warning, "detail"));
        if !confirm("Do you understand?")? {
            return Err(Failed::Usage("nothing was done".to_owned()));
        }
        acknowledged.push(text(warning, "code"));
    }
    if !confirm(question)? {
        return Err(Failed::Usage("nothing was done".to_owned()));
    }
    Ok(acknowledged)
}
