//! `orglink domain …`: domains that an organization shows to be its own, and the accounts that it manages.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::ask::{IfVersion, Sure};
use super::organization::{list, show};
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

/// Whose domains.
#[derive(Debug, Args)]
pub struct Owner {
    /// The organization, by slug or id
    #[arg(short, long)]
    organization: String,
}

impl Owner {
    fn domains(&self) -> String {
        format!("/organizations/{}/domains", segment(&self.organization))
    }

    fn one(&self, domain: &str) -> String {
        format!("{}/{}", self.domains(), segment(domain))
    }

    fn managed(&self) -> String {
        format!("/organizations/{}/managed-accounts", segment(&self.organization))
    }
}

#[derive(Debug, Subcommand)]
pub enum Domain {
    /// Add a domain; prints the record that shows it
    Add {
        domain: String,
        #[command(flatten)]
        of: Owner,
    },
    /// A domain, with the record that shows it
    Show {
        domain: String,
        #[command(flatten)]
        of: Owner,
    },
    /// The domains of an organization
    List {
        #[command(flatten)]
        of: Owner,
    },
    /// Ask the name servers now
    Check {
        domain: String,
        #[command(flatten)]
        of: Owner,
    },
    /// Whom a claim would touch, with the digest to claim by; claims nobody
    Preview {
        domain: String,
        #[command(flatten)]
        of: Owner,
    },
    /// Claim accounts that were previewed: each person is told and can object
    Claim {
        domain: String,
        #[command(flatten)]
        of: Owner,
        /// Of the preview
        #[arg(long)]
        digest: String,
        /// Only this account, by address or id; may be repeated
        #[arg(long = "account", value_name = "ACCOUNT", required_unless_present = "all")]
        accounts: Vec<String>,
        /// Everybody who can be claimed
        #[arg(long, conflicts_with = "accounts")]
        all: bool,
        /// The same key gives the same answer
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
        #[command(flatten)]
        sure: Sure,
    },
    /// The accounts that the organization manages or has claimed, with what people object
    Managed {
        #[command(flatten)]
        of: Owner,
        /// Only those in this state: announced, objected, managed
        #[arg(long)]
        state: Option<String>,
    },
    /// Release an account that is managed, or withdraw the claim of one that is to be
    Release {
        /// By address or id
        account: String,
        #[command(flatten)]
        of: Owner,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Remove a domain; everybody who is managed by it is released
    Remove {
        domain: String,
        #[command(flatten)]
        of: Owner,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
}

/// A domain, with what to publish.
fn show_domain(reach: &Reach, domain: &Value) {
    show(reach, domain);
    if !reach.json {
        let record = &domain["record"];
        println!("\nThe record that shows it, to stay there:");
        println!("{} {} \"{}\"", text(record, "name"), text(record, "type"), text(record, "text"));
    }
}

impl Domain {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Add { domain, of } => {
                show_domain(reach, &client.post(&of.domains(), &json!({ "domain": domain }), None).await?);
            }
            Self::Show { domain, of } => show_domain(reach, &client.get(&of.one(&domain)).await?),
            Self::List { of } => {
                let found = client.list(&of.domains()).await?;
                let columns = [
                    ("domain", "domain"),
                    ("state", "state"),
                    ("seen", "last look"),
                    ("checked_at", "at"),
                    ("lapses_at", "lapses"),
                ];
                list(reach, &found, &columns);
            }
            Self::Check { domain, of } => {
                show_domain(reach, &client.post(&format!("{}/check", of.one(&domain)), &json!({}), None).await?);
            }
            Self::Preview { domain, of } => preview(reach, &client, &of.one(&domain)).await?,
            Self::Claim { domain, of, digest, accounts, all, idempotency_key, sure } => {
                let who = if all { "everybody who can be claimed".to_owned() } else { accounts.join(", ") };
                if !sure.confirms(&format!("Claim {who} at {domain}? Each is told and can object."))? {
                    return Ok(exit::DONE);
                }
                let accounts = (!all).then_some(accounts);
                let body = json!({ "digest": digest, "accounts": accounts });
                let path = format!("{}/claim", of.one(&domain));
                show(reach, &client.post(&path, &body, idempotency_key.as_deref()).await?);
            }
            Self::Managed { of, state } => {
                let query = state.map(|s| format!("?state={}", segment(&s))).unwrap_or_default();
                let found = client.list(&format!("{}{query}", of.managed())).await?;
                let columns = [
                    ("email", "account"),
                    ("domain", "domain"),
                    ("state", "state"),
                    ("takes_effect_at", "takes effect"),
                    ("reason", "objection"),
                ];
                list(reach, &found, &columns);
            }
            Self::Release { account, of, version } => {
                let (at, path) = (of.managed(), format!("{}/{}", of.managed(), segment(&account)));
                client.change("DELETE", &path, None, &version.of(&at)).await?;
                print_done(reach);
            }
            Self::Remove { domain, of, sure, version } => {
                let path = of.one(&domain);
                let managed = client.get(&path).await?["accounts"]["managed"].as_i64().unwrap_or_default();
                let question =
                    format!("Remove {domain}? {managed} managed accounts are released, and each person is told.");
                if sure.confirms(&question)? {
                    client.change("DELETE", &path, None, &version.of(&path)).await?;
                    print_done(reach);
                }
            }
        }
        Ok(exit::DONE)
    }
}

/// What a claim would mean, and who they are.
async fn preview(reach: &Reach, client: &Client, at: &str) -> Result<(), crate::output::Failed> {
    let made = client.post(&format!("{at}/preview"), &json!({}), None).await?;
    let accounts = client.list(&format!("{at}/accounts")).await?;
    if reach.json {
        print_json(&json!({ "preview": made, "accounts": accounts }));
        return Ok(());
    }
    let row = |one: &Value| ["email", "name", "fit"].iter().map(|field| text(one, field)).collect();
    print_table(&["account", "name", "fit"], &accounts.iter().map(row).collect::<Vec<Vec<String>>>());
    println!();
    show(reach, &made);
    Ok(())
}
