//! `orglink invitation …`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::organization::{list, show};
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Invitation {
    /// Invite people to a user group of a workspace, or to a role in an organization
    Create {
        #[command(flatten)]
        to: To,
        /// Whom to invite; again for more
        #[arg(long, required = true, value_name = "ADDRESS")]
        email: Vec<String>,
        /// Give up your own admin role to the one who accepts
        #[arg(long)]
        hands_over: bool,
        /// The same key gives the same answer
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
    /// The invitations addressed to you, or those to a place you administer
    List {
        #[command(flatten)]
        of: Of,
        /// Only those in this state: pending, accepted, declined, withdrawn, expired
        #[arg(long)]
        state: Option<String>,
    },
    /// One invitation
    Show { id: String },
    /// Accept an invitation addressed to you
    Accept { id: String },
    /// Decline an invitation addressed to you
    Decline { id: String },
    /// Take back a pending invitation
    Withdraw { id: String },
    /// Send a pending invitation again; you answer for it from then on
    Resend { id: String },
}

/// To what.
#[derive(Debug, Args)]
#[group(skip)]
pub struct To {
    #[command(flatten)]
    place: Of,
    /// The user group of the workspace
    #[arg(long, requires = "workspace")]
    group: Option<String>,
    /// admin, user_access_admin, billing_admin, auditor; with --site site_admin, user_access_admin; with --app
    /// app_admin, user_access_admin
    #[arg(long, requires = "organization")]
    role: Option<String>,
    /// On this site of the organization
    #[arg(long, requires = "role")]
    site: Option<String>,
    /// On this product of the site
    #[arg(long, requires = "site")]
    app: Option<String>,
}

/// Of which place.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Of {
    /// A workspace
    #[arg(short, long, conflicts_with = "organization")]
    workspace: Option<String>,
    /// An organization
    #[arg(short, long)]
    organization: Option<String>,
}

impl Of {
    /// Its path in the API; none when no place is named.
    pub fn path(&self) -> Option<String> {
        match (&self.workspace, &self.organization) {
            (Some(workspace), _) => Some(format!("/workspaces/{}", segment(workspace))),
            (None, Some(organization)) => Some(format!("/organizations/{}", segment(organization))),
            (None, None) => None,
        }
    }

    /// The field of a body that names it.
    pub fn body(&self) -> Option<Value> {
        match (&self.workspace, &self.organization) {
            (Some(workspace), _) => Some(json!({ "workspace": workspace })),
            (None, Some(organization)) => Some(json!({ "organization": organization })),
            (None, None) => None,
        }
    }
}

const COLUMNS: &[(&str, &str)] = &[
    ("id", "id"),
    ("state", "state"),
    ("email", "address"),
    ("workspace", "workspace"),
    ("group", "group"),
    ("organization", "organization"),
    ("role", "role"),
    ("expires_at", "expires"),
];

impl Invitation {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Create { to, email, hands_over, idempotency_key } => {
                let usage =
                    || Failed::Usage("say to what: --workspace with --group, or --organization with --role".to_owned());
                let path = format!("{}/invitations", to.place.path().ok_or_else(usage)?);
                let body = match (to.group, to.role) {
                    (Some(group), None) => json!({ "emails": email, "group": group, "hands_over": hands_over }),
                    (None, Some(role)) => {
                        json!({ "emails": email, "role": role, "site": to.site, "app": to.app, "hands_over": hands_over })
                    }
                    _ => return Err(usage()),
                };
                print_made(reach, client.post(&path, &body, idempotency_key.as_deref()).await?);
            }
            Self::List { of, state } => {
                let path = format!("{}/invitations", of.path().unwrap_or_default());
                let state = state.map(|s| format!("&state={}", segment(&s))).unwrap_or_default();
                list(reach, &client.list(&format!("{path}?limit=500{state}")).await?, COLUMNS);
            }
            Self::Show { id } => show(reach, &client.get(&format!("/invitations/{}", segment(&id))).await?),
            Self::Accept { id } => done(reach, &client, &id, "accept").await?,
            Self::Decline { id } => done(reach, &client, &id, "decline").await?,
            Self::Withdraw { id } => done(reach, &client, &id, "withdraw").await?,
            Self::Resend { id } => done(reach, &client, &id, "resend").await?,
        }
        Ok(exit::DONE)
    }
}

async fn done(reach: &Reach, client: &Client, id: &str, verb: &str) -> Result<(), Failed> {
    let answer = client.act("invitations", id, verb, &json!({})).await?;
    if reach.json {
        print_json(&answer);
    } else {
        println!("The invitation of {} is {}.", text(&answer, "email"), text(&answer, "state"));
    }
    Ok(())
}

/// With one address, its fields stand at the top too, where a script looks for them.
fn print_made(reach: &Reach, mut answer: Value) {
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    if !reach.json {
        for item in &items {
            let state = text(item, "state").replace('_', " ");
            println!("{} {} {}", text(item, "email"), state, text(item, "id"));
        }
        return;
    }
    if let ([Value::Object(only)], Some(top)) = (items.as_slice(), answer.as_object_mut()) {
        top.extend(only.clone());
    }
    print_json(&answer);
}
