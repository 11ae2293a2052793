//! `orglink migration …`: what comes after the link.

mod agreement;
mod billing;
mod users;

use clap::Subcommand;

pub use users::print_users_plan;

use crate::client::{Client, Reach, segment};
use crate::output::{Failed, Outcome};

#[derive(Debug, Subcommand)]
pub enum Migration {
    /// The organization pays for its linked workspaces
    #[command(subcommand)]
    Billing(billing::Billing),
    /// The users of workspaces migrate into the directories of their organizations
    #[command(subcommand)]
    Users(users::Users),
}

impl Migration {
    pub async fn run(self, reach: &Reach) -> Outcome {
        match self {
            Self::Billing(command) => command.run(reach).await,
            Self::Users(command) => command.run(reach).await,
        }
    }
}

/// A campaign of another purpose is rehearsed and run by its own command.
async fn require_purpose(client: &Client, name: &str, purpose: &str) -> Result<(), Failed> {
    let found = client.get(&format!("/campaigns/{}", segment(name))).await?;
    let (what, command) = match found["definition"]["purpose"].as_str() {
        Some(is) if is == purpose => return Ok(()),
        Some("billing") => ("migrates billing", "orglink migration billing"),
        Some("users") => ("migrates users", "orglink migration users"),
        _ => ("links workspaces", "orglink campaign"),
    };
    Err(Failed::Usage(format!("the campaign '{name}' {what}; it does not migrate {purpose}. Use: {command}")))
}
