//! `orglink webhook …`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::ask::{IfVersion, Sure};
use super::organization::{list, show};
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

/// Whose webhooks.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Owner {
    /// Of this workspace, by slug or id
    #[arg(short, long)]
    workspace: Option<String>,
    /// Of this organization, by slug or id
    #[arg(short, long)]
    organization: Option<String>,
}

impl Owner {
    fn path(&self) -> String {
        match (&self.workspace, &self.organization) {
            (Some(workspace), _) => format!("/workspaces/{}/webhooks", segment(workspace)),
            (None, organization) => {
                format!("/organizations/{}/webhooks", segment(organization.as_deref().unwrap_or_default()))
            }
        }
    }

    fn one(&self, id: &str) -> String {
        format!("{}/{}", self.path(), segment(id))
    }
}

#[derive(Debug, Subcommand)]
pub enum Webhook {
    /// The webhooks of a workspace or an organization
    List {
        #[command(flatten)]
        of: Owner,
    },
    /// One of them
    Show {
        id: String,
        #[command(flatten)]
        of: Owner,
    },
    /// Make one; its secret is printed this once
    Create {
        #[command(flatten)]
        of: Owner,
        /// Where it is told: HTTPS, at an address of the internet
        #[arg(long)]
        url: String,
        /// What it is for
        #[arg(long, default_value = "")]
        description: String,
        /// Only events of this type, or of all that begin so (link.); may be repeated
        #[arg(long = "type", value_name = "TYPE")]
        types: Vec<String>,
    },
    /// Change where it is, what it is for, or what it is told of
    Change {
        id: String,
        #[command(flatten)]
        of: Owner,
        /// Where it is told
        #[arg(long)]
        url: Option<String>,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
        /// Only events of this type, or of all that begin so (link.); may be repeated
        #[arg(long = "type", value_name = "TYPE", conflicts_with = "all_types")]
        types: Vec<String>,
        /// Events of every type
        #[arg(long)]
        all_types: bool,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Send nothing for now; what happens meanwhile is sent later
    Pause {
        id: String,
        #[command(flatten)]
        of: Owner,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Go on, with everything that happened meanwhile
    Resume {
        id: String,
        #[command(flatten)]
        of: Owner,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Give it a new secret, printed this once
    Rotate {
        id: String,
        #[command(flatten)]
        of: Owner,
        /// Hours for which the secret before signs as well; 0 when somebody else knows it
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        previous_hours: i64,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Have it told that it is tested
    Test {
        id: String,
        #[command(flatten)]
        of: Owner,
    },
    /// Tell it again of everything after a position, or from a time on
    Replay {
        id: String,
        #[command(flatten)]
        of: Owner,
        /// Events after this position; 0 for everything
        #[arg(long, value_name = "POSITION", required_unless_present = "from")]
        after: Option<i64>,
        /// Events at this time or later (RFC 3339)
        #[arg(long, value_name = "TIME", conflicts_with = "after")]
        from: Option<String>,
    },
    /// What was sent, or is about to be, the newest events first
    Deliveries {
        id: String,
        #[command(flatten)]
        of: Owner,
        /// Only those in this state: waiting, delivered, given_up
        #[arg(long)]
        state: Option<String>,
    },
    /// What was sent of one event, and what was answered
    Delivery {
        id: String,
        /// Of the event
        position: i64,
        #[command(flatten)]
        of: Owner,
    },
    /// Send one event again
    Resend {
        id: String,
        /// Of the event
        position: i64,
        #[command(flatten)]
        of: Owner,
    },
    /// Delete it, with the log of its deliveries
    Delete {
        id: String,
        #[command(flatten)]
        of: Owner,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
}

/// A webhook with its secret, for whoever must keep it now.
fn show_secret(reach: &Reach, made: &Value) {
    show(reach, made);
    if !reach.json {
        println!("\nKeep the secret now; it is not shown again.");
    }
}

async fn change(reach: &Reach, client: &Client, path: &str, body: &Value, version: &IfVersion) -> Outcome {
    show(reach, &client.change("PATCH", path, Some(body), &version.of(path)).await?);
    Ok(exit::DONE)
}

impl Webhook {
    pub async fn run(self, reach: &Reach) -> Outcome {
        if matches!(self, Self::Create { .. } | Self::Rotate { .. }) {
            reach.require_key()?;
        }
        let client = Client::open(reach).await?;
        match self {
            Self::List { of } => {
                let found = client.list(&of.path()).await?;
                let columns =
                    [("id", "id"), ("state", "state"), ("url", "url"), ("types", "types"), ("description", "for")];
                list(reach, &found, &columns);
            }
            Self::Show { id, of } => show(reach, &client.get(&of.one(&id)).await?),
            Self::Create { of, url, description, types } => {
                let body = json!({ "url": url, "description": description, "types": types });
                show_secret(reach, &client.post(&of.path(), &body, None).await?);
            }
            Self::Change { id, of, url, description, types, all_types, version } => {
                let types = (all_types || !types.is_empty()).then_some(types);
                let body = json!({ "url": url, "description": description, "types": types });
                return change(reach, &client, &of.one(&id), &body, &version).await;
            }
            Self::Pause { id, of, version } => {
                return change(reach, &client, &of.one(&id), &json!({ "paused": true }), &version).await;
            }
            Self::Resume { id, of, version } => {
                return change(reach, &client, &of.one(&id), &json!({ "paused": false }), &version).await;
            }
            Self::Rotate { id, of, previous_hours, version } => {
                let (at, body) = (of.one(&id), json!({ "previous_hours": previous_hours }));
                let path = format!("{at}/rotate");
                show_secret(reach, &client.change("POST", &path, Some(&body), &version.of(&at)).await?);
            }
            Self::Test { id, of } => {
                client.post(&format!("{}/test", of.one(&id)), &json!({}), None).await?;
                print_done(reach);
            }
            Self::Replay { id, of, after, from } => {
                let body = match from {
                    Some(from) => json!({ "from": from }),
                    None => json!({ "after": after }),
                };
                show(reach, &client.post(&format!("{}/replay", of.one(&id)), &body, None).await?);
            }
            Self::Deliveries { id, of, state } => {
                let query = state.map(|s| format!("?state={}", segment(&s))).unwrap_or_default();
                let found = client.list(&format!("{}/deliveries{query}", of.one(&id))).await?;
                let columns = [
                    ("position", "position"),
                    ("type", "type"),
                    ("state", "state"),
                    ("attempts", "attempts"),
                    ("status", "status"),
                    ("problem", "problem"),
                ];
                list(reach, &found, &columns);
            }
            Self::Delivery { id, position, of } => {
                let delivery = client.get(&format!("{}/deliveries/{position}", of.one(&id))).await?;
                if reach.json {
                    print_json(&delivery);
                } else {
                    show(reach, &delivery);
                    let fields = ["attempt", "at", "milliseconds", "status", "problem", "answer"];
                    let rows: Vec<Vec<String>> = delivery["answers"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|answer| fields.iter().map(|field| text(answer, field)).collect())
                        .collect();
                    print_table(&fields, &rows);
                }
            }
            Self::Resend { id, position, of } => {
                client.post(&format!("{}/deliveries/{position}/resend", of.one(&id)), &json!({}), None).await?;
                print_done(reach);
            }
            Self::Delete { id, of, sure, version } => {
                if !sure.confirms("Delete the webhook, with the log of its deliveries? There is no way back.")? {
                    return Ok(exit::REFUSED);
                }
                let path = of.one(&id);
                client.change("DELETE", &path, None, &version.of(&path)).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
