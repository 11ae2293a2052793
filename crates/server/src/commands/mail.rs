//! `orglink mail …`

use clap::Subcommand;
use serde_json::json;

use super::organization::{list, show};
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Mail {
    /// The mails of this installation, the newest first
    List {
        /// Only those in this state: waiting, failed, sent, refused, given_up
        #[arg(long)]
        state: Option<String>,
    },
    /// What a mail says; its one-time link is masked
    Show {
        id: String,
        /// With a one-time link that works: the recipient is told
        #[arg(long)]
        reveal: bool,
    },
    /// Send a mail again
    Retry {
        #[arg(required_unless_present = "refused")]
        id: Option<String>,
        /// Every refused one, as after a mistake in the configuration
        #[arg(long, conflicts_with = "id")]
        refused: bool,
    },
    /// Send a mail no more
    GiveUp { id: String },
}

impl Mail {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List { state } => {
                let query = state.map(|s| format!("?state={}", segment(&s))).unwrap_or_default();
                let found = client.list(&format!("/operator/mails{query}")).await?;
                let columns = [
                    ("id", "id"),
                    ("created_at", "made"),
                    ("state", "state"),
                    ("to", "to"),
                    ("subject", "about"),
                    ("answer", "the server said"),
                ];
                list(reach, &found, &columns);
            }
            Self::Show { id, reveal } => {
                let path = format!("/operator/mails/{}", segment(&id));
                let mail = if reveal {
                    client.post(&format!("{path}/reveal"), &json!({}), None).await?
                } else {
                    client.get(&path).await?
                };
                if reach.json {
                    print_json(&mail);
                } else {
                    show(reach, &mail["mail"]);
                    println!("\n{}", text(&mail, "text"));
                }
            }
            Self::Retry { id: Some(id), .. } => {
                client.post(&format!("/operator/mails/{}/retry", segment(&id)), &json!({}), None).await?;
                print_done(reach);
            }
            Self::Retry { id: None, .. } => {
                let answer = client.post("/operator/mails/retry-refused", &json!({}), None).await?;
                if reach.json {
                    print_json(&answer);
                } else {
                    println!("{} are sent again.", text(&answer, "retried"));
                }
            }
            Self::GiveUp { id } => {
                client.post(&format!("/operator/mails/{}/give-up", segment(&id)), &json!({}), None).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
