//! `orglink migration …`: what comes after the link.

mod billing;
mod users;

use clap::Subcommand;

pub use users::print_users_plan;

use crate::client::Reach;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Migration {
    /// The organization pays for its linked workspaces
    #[command(subcommand)]
    Billing(billing::Billing),
    /// The users of a workspace migrate into the directory of its organization
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
