//! `orglink organization …`

use clap::Subcommand;
use serde_json::json;

use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Organization {
    /// The organizations in which you hold a role
    List,
    /// One organization
    Show { organization: String },
    /// Make an organization; you are its first admin
    Create {
        name: String,
        /// Made from the name when absent
        #[arg(long)]
        slug: Option<String>,
        /// The same key gives the same answer
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
    /// What an organization has: products on its sites, linked workspaces
    Apps { organization: String },
    /// Who holds which role
    People { organization: String },
}

impl Organization {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List => {
                let items = client.list("/organizations?limit=500").await?;
                list(reach, &items, &[("slug", "slug"), ("name", "name"), ("user_management", "user management")]);
            }
            Self::Show { organization } => {
                let answer = client.get(&format!("/organizations/{}", segment(&organization))).await?;
                show(reach, &answer);
            }
            Self::Create { name, slug, idempotency_key } => {
                let body = json!({ "name": name, "slug": slug });
                let answer = client.post("/organizations", &body, idempotency_key.as_deref()).await?;
                if reach.json {
                    print_json(&answer);
                } else {
                    println!("Made {}.", text(&answer["organization"], "slug"));
                }
            }
            Self::Apps { organization } => {
                let path = format!("/organizations/{}/apps?limit=500", segment(&organization));
                let answer = client.get(&path).await?;
                let items = client.list(&path).await?;
                if reach.json {
                    print_json(&json!({ "products": answer["products"], "items": items, "next": null }));
                } else {
                    let mut rows: Vec<Vec<String>> = Vec::new();
                    for p in answer["products"].as_array().into_iter().flatten() {
                        rows.push(vec![text(p, "title"), text(p, "site"), String::new()]);
                    }
                    for w in &items {
                        rows.push(vec![text(w, "app"), text(w, "slug"), text(w, "linked_at")]);
                    }
                    print_table(&["app", "site or workspace", "linked"], &rows);
                }
            }
            Self::People { organization } => {
                let items = client.list(&format!("/organizations/{}/people", segment(&organization))).await?;
                list(reach, &items, &[("email", "address"), ("name", "name"), ("role", "role")]);
            }
        }
        Ok(exit::DONE)
    }
}

/// Prints a list: the JSON shape that scripts rely on, or a table of some fields.
pub fn list(reach: &Reach, items: &[serde_json::Value], columns: &[(&str, &str)]) {
    if reach.json {
        print_json(&json!({ "items": items, "next": null }));
        return;
    }
    let headings: Vec<&str> = columns.iter().map(|(_, heading)| *heading).collect();
    let rows: Vec<Vec<String>> =
        items.iter().map(|item| columns.iter().map(|(field, _)| text(item, field)).collect()).collect();
    print_table(&headings, &rows);
}

/// Prints one thing: its JSON, or its plain fields.
pub fn show(reach: &Reach, answer: &serde_json::Value) {
    if reach.json {
        print_json(answer);
        return;
    }
    for (field, value) in answer.as_object().into_iter().flatten() {
        if !value.is_object() && !value.is_null() {
            println!("{:<20} {}", field.replace('_', " "), text(answer, field));
        }
    }
}
