//! `orglink token …`

use clap::Subcommand;
use serde_json::json;

use super::organization::list;
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token; its secret is shown this once
    Create {
        /// What it may be used for: read, write, link, ask, admin, entitlements, operator (several: repeat, or separate by commas)
        #[arg(long, required = true, value_delimiter = ',', value_name = "SCOPE")]
        scope: Vec<String>,
        /// What it is for, in your words
        #[arg(long, default_value = "made on the command line")]
        name: String,
        /// For how many days
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// Your tokens
    List,
    /// End a token
    Revoke { id: String },
}

impl Token {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Create { scope, name, days } => {
                let body = json!({ "name": name, "scopes": scope, "days": days });
                let answer = client.post("/tokens", &body, None).await?;
                if reach.json {
                    print_json(&answer);
                } else {
                    println!("{}", text(&answer["token"], "secret"));
                    eprintln!("Valid until {}. It is not shown again.", text(&answer["token"], "expires_at"));
                }
            }
            Self::List => {
                let columns = [("id", "id"), ("name", "name"), ("scopes", "scopes"), ("expires_at", "expires")];
                list(reach, &client.list("/tokens").await?, &columns);
            }
            Self::Revoke { id } => {
                client.delete(&format!("/tokens/{}", segment(&id))).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
