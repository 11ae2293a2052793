//! `orglink tracker …`: capabilities that are missing, how far each is, and following that.

use clap::Subcommand;
use serde_json::{Value, json};

use super::organization::list;
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Tracker {
    /// The entries, each with how far it is
    List,
    /// One of them, with what was said of it
    Show {
        /// Its name in the catalog
        entry: String,
    },
    /// Be told of what is said of an entry
    Follow {
        /// Its name in the catalog
        entry: String,
    },
    /// Be told of it no more
    Unfollow {
        /// Its name in the catalog
        entry: String,
    },
    /// Say how far an entry is, for everybody to read; for operators
    Post {
        /// Its name in the catalog
        entry: String,
        /// planned, in_progress or available
        #[arg(long)]
        state: String,
        /// What there is to know
        #[arg(long)]
        note: String,
        /// The same key gives the same answer
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
}

/// An entry for people.
fn print_entry(entry: &Value) {
    println!("{}", text(entry, "title"));
    for paragraph in entry["text"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        println!("\n{paragraph}");
    }
    println!();
    let updates = entry["updates"].as_array().map_or(&[][..], Vec::as_slice);
    if updates.is_empty() {
        println!("Nobody has said yet how far it is.");
    }
    for update in updates {
        println!("{} {}: {}", text(update, "posted_at"), text(update, "state"), text(update, "note"));
    }
    println!("{}", text(entry, "url"));
}

impl Tracker {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let path = |entry: &str| format!("/tracker/{}", segment(entry));
        let tell = |entry: &Value| if reach.json { print_json(entry) } else { print_entry(entry) };
        match self {
            Self::List => {
                let columns = [
                    ("entry", "entry"),
                    ("title", "title"),
                    ("state", "state"),
                    ("is_followed", "followed"),
                    ("followers", "followers"),
                ];
                list(reach, &client.list("/tracker").await?, &columns);
            }
            Self::Show { entry } => tell(&client.get(&path(&entry)).await?),
            Self::Follow { entry } => {
                client.put(&format!("{}/follow", path(&entry)), None).await?;
                print_done(reach);
            }
            Self::Unfollow { entry } => {
                client.delete(&format!("{}/follow", path(&entry))).await?;
                print_done(reach);
            }
            Self::Post { entry, state, note, idempotency_key } => {
                let body = json!({ "state": state, "note": note });
                let path = format!("{}/updates", path(&entry));
                tell(&client.post(&path, &body, idempotency_key.as_deref()).await?);
            }
        }
        Ok(exit::DONE)
    }
}
