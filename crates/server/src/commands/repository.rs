//! `orglink repository …`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::ask::IfVersion;
use super::group::At;
use super::organization::list;
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Repository {
    /// The repositories of a workspace
    List {
        #[command(flatten)]
        at: At,
    },
    /// Who can do what on one, and through which group
    Access {
        #[command(flatten)]
        at: At,
        repository: String,
    },
    /// Give a group or a member something on a repository
    Grant {
        #[command(flatten)]
        at: At,
        repository: String,
        #[command(flatten)]
        to: To,
        /// none, read, write or admin
        permission: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Take back what a group or a member was given on a repository
    Revoke {
        #[command(flatten)]
        at: At,
        repository: String,
        #[command(flatten)]
        to: To,
        #[command(flatten)]
        version: IfVersion,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct To {
    /// A user group
    #[arg(long)]
    group: Option<String>,
    /// A member, by address or id
    #[arg(long)]
    member: Option<String>,
}

impl To {
    fn path(&self, at: &At, repository: &str) -> String {
        let (kind, name) = match (&self.group, &self.member) {
            (Some(group), _) => ("groups", group.as_str()),
            (None, member) => ("members", member.as_deref().unwrap_or_default()),
        };
        at.path(&format!("/repositories/{}/{kind}/{}", segment(repository), segment(name)))
    }
}

impl Repository {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List { at } => {
                let items = client.list(&at.path("/repositories?limit=500")).await?;
                list(reach, &items, &[("slug", "slug"), ("name", "name"), ("project", "project")]);
            }
            Self::Access { at, repository } => {
                let path = at.path(&format!("/repositories/{}/access?limit=500", segment(&repository)));
                print_access(reach, &client, &path).await?;
            }
            Self::Grant { at, repository, to, permission, version } => {
                let body = json!({ "permission": permission });
                client.change("PUT", &to.path(&at, &repository), Some(&body), &version.of(&at.path(""))).await?;
                print_done(reach);
            }
            Self::Revoke { at, repository, to, version } => {
                client.change("DELETE", &to.path(&at, &repository), None, &version.of(&at.path(""))).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}

async fn print_access(reach: &Reach, client: &Client, path: &str) -> Result<(), crate::output::Failed> {
    let mut access = client.get(path).await?;
    let mut people = Vec::new();
    loop {
        if let Value::Array(found) = access["people"]["items"].take() {
            people.extend(found);
        }
        let Some(next) = access["people"]["next"].as_str() else { break };
        let rest = client.get(&format!("{path}&cursor={next}")).await?;
        access["people"] = rest["people"].clone();
    }
    if reach.json {
        access["people"] = json!({ "items": people, "next": null });
        print_json(&access);
        return Ok(());
    }
    let way = |s: &Value| match s["group"].as_str() {
        Some(group) => format!("{} ({group}: {})", text(s, "kind").replace('_', " "), text(s, "permission")),
        None => format!("{} ({})", text(s, "kind").replace('_', " "), text(s, "permission")),
    };
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|p| {
            let ways: Vec<String> = p["through"].as_array().into_iter().flatten().map(way).collect();
            vec![text(&p["account"], "email"), text(p, "permission"), ways.join("; ")]
        })
        .collect();
    print_table(&["address", "may", "through"], &rows);
    Ok(())
}
