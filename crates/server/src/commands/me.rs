//! `orglink me …`: who you are, and what is yours.

use clap::Subcommand;
use serde_json::{Value, json};

use super::organization::{print_roles, show};
use super::{print_done, text};
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Me {
    /// Who you are, and what the token may be used for
    Show,
    /// Your workspaces, with what you are to them
    Workspaces,
    /// Your organizations, with your roles
    Organizations,
    /// Object to the claim of your account by an organization, before it takes effect
    Object {
        /// Why; the organization's admins read it
        #[arg(long)]
        reason: String,
    },
}

impl Me {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let path = match &self {
            Self::Show => {
                let me = client.get("/me").await?;
                show(reach, &me);
                if !reach.json {
                    print_management(&me["management"]);
                }
                return Ok(exit::DONE);
            }
            Self::Object { reason } => {
                client.post("/me/management/object", &json!({ "reason": reason }), None).await?;
                print_done(reach);
                return Ok(exit::DONE);
            }
            Self::Workspaces => "/me/workspaces?limit=500",
            Self::Organizations => "/me/organizations?limit=500",
        };
        let items = client.list(path).await?;
        if reach.json {
            print_json(&json!({ "items": items, "next": null }));
            return Ok(exit::DONE);
        }
        let row = |item: &Value| match &self {
            Self::Workspaces => {
                let role =
                    if text(item, "role") == "none" { "through its organization".into() } else { text(item, "role") };
                vec![text(&item["workspace"], "slug"), text(&item["workspace"], "name"), role]
            }
            _ => vec![text(&item["organization"], "slug"), text(&item["organization"], "name"), print_roles(item)],
        };
        print_table(&["slug", "name", "your roles"], &items.iter().map(row).collect::<Vec<_>>());
        Ok(exit::DONE)
    }
}

/// Who manages the account, or is to.
fn print_management(management: &Value) {
    let name = text(management, "organization_name");
    match text(management, "state").as_str() {
        "announced" => println!(
            "\n{name} is to manage your account from {} on. To object: orglink me object --reason \"…\"",
            text(management, "takes_effect_at")
        ),
        "objected" => println!("\nYou have objected that {name} manages your account: it does not take effect."),
        "managed" => println!("\n{name} manages your account, which gives it no access to anything of yours."),
        _ => {}
    }
}
