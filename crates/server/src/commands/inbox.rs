//! `orglink inbox …`

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::organization::list;
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Inbox {
    /// What you were told: the unread first
    List {
        /// Only what is unread
        #[arg(long)]
        unread: bool,
    },
    /// Mark as read
    Read {
        /// Which, by id
        #[arg(required_unless_present = "all")]
        ids: Vec<String>,
        /// Everything
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
    /// What comes to you by mail
    Preferences,
    /// Decide what comes to you by mail
    Prefer {
        /// As `preferences` names it
        kind: String,
        #[arg(long, value_name = "on|off")]
        mail: Switch,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl Inbox {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List { unread } => {
                let found = client.list(&format!("/notifications?unread={unread}")).await?;
                let columns =
                    [("id", "id"), ("at", "when"), ("subject", "what"), ("url", "where"), ("read_at", "read")];
                list(reach, &found, &columns);
            }
            Self::Read { ids, all } => {
                if all {
                    let answer = client.post("/notifications/read-all", &json!({}), None).await?;
                    if reach.json {
                        print_json(&answer);
                    } else {
                        println!("{} marked as read.", text(&answer, "read"));
                    }
                    return Ok(exit::DONE);
                }
                for id in ids {
                    let body = json!({ "is_read": true }).to_string().into_bytes();
                    client.send("PATCH", &format!("/notifications/{}", segment(&id)), Some(body), None).await?;
                }
                print_done(reach);
            }
            Self::Preferences => {
                let found = client.list("/me/notification-preferences").await?;
                let columns =
                    [("kind", "kind"), ("by_mail", "by mail"), ("detail", "what"), ("obligation", "why always")];
                list(reach, &found, &columns);
            }
            Self::Prefer { kind, mail } => {
                let path = format!("/me/notification-preferences/{}", segment(&kind));
                client.put(&path, Some(&json!({ "by_mail": mail == Switch::On }))).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
