//! `orglink access-request …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::invitation::Of;
use super::organization::{list, show};
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum AccessRequest {
    /// Ask to become an admin of an organization or a workspace
    Create {
        #[command(flatten)]
        of: Of,
        /// For whoever answers
        #[arg(long)]
        message: Option<String>,
        /// The page to go back to when the answer is yes
        #[arg(long, value_name = "PATH")]
        return_to: Option<String>,
        /// The same key gives the same answer
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
    /// What you have asked, or what is asked of a place you administer
    List {
        #[command(flatten)]
        of: Of,
        /// Only those in this state: open, approved, declined, withdrawn, expired
        #[arg(long)]
        state: Option<String>,
    },
    /// One request
    Show { id: String },
    /// Approve: whoever asked becomes what they asked to be
    Approve {
        id: String,
        /// Of a workspace: which group with the Admin lozenge
        #[arg(long)]
        group: Option<String>,
    },
    /// Decline, and say why
    Decline {
        id: String,
        #[arg(long)]
        reason: String,
    },
    /// Take back what you have asked
    Withdraw { id: String },
}

impl AccessRequest {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let act = async |id: &str, verb: &str, body: Value| client.act("access-requests", id, verb, &body).await;
        let answer = match self {
            Self::Create { of, message, return_to, idempotency_key } => {
                let usage = || Failed::Usage("say of what: --organization or --workspace".to_owned());
                let mut body = of.body().ok_or_else(usage)?;
                body["message"] = json!(message);
                body["return_to"] = json!(return_to);
                client.post("/access-requests", &body, idempotency_key.as_deref()).await?
            }
            Self::List { of, state } => {
                let of = format!("{}/access-requests", of.path().unwrap_or_default());
                let state = state.map(|s| format!("&state={}", segment(&s))).unwrap_or_default();
                let columns = [
                    ("id", "id"),
                    ("state", "state"),
                    ("email", "who"),
                    ("role", "role"),
                    ("organization", "organization"),
                    ("workspace", "workspace"),
                    ("expires_at", "expires"),
                ];
                list(reach, &client.list(&format!("{of}?limit=500{state}")).await?, &columns);
                return Ok(exit::DONE);
            }
            Self::Show { id } => {
                show(reach, &client.get(&format!("/access-requests/{}", segment(&id))).await?);
                return Ok(exit::DONE);
            }
            Self::Approve { id, group } => act(&id, "approve", json!({ "group": group })).await?,
            Self::Decline { id, reason } => act(&id, "decline", json!({ "reason": reason })).await?,
            Self::Withdraw { id } => act(&id, "withdraw", json!({})).await?,
        };
        if reach.json {
            print_json(&answer);
        } else {
            println!("The request {} is {}.", text(&answer, "id"), text(&answer, "state"));
        }
        Ok(exit::DONE)
    }
}
