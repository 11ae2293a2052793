//! `orglink organization …`

use clap::Subcommand;
use serde_json::json;

use super::ask::{IfVersion, Sure, confirms_deletion};
use super::{print_done, text};
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
    /// Who holds which role on the organization itself
    People { organization: String },
    /// Everybody with a role on it, its sites or apps
    Users { organization: String },
    /// Give it another name; its slug stays
    Change {
        organization: String,
        #[arg(long)]
        name: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Its switches, which features of its linked workspaces may need
    Switches { organization: String },
    /// Turn a switch on or off
    Turn {
        organization: String,
        /// Its name in the catalog
        switch: String,
        /// How it is to stand
        to: OnOff,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Say whether it has one directory or each of its sites its own; for operators
    UserManagement {
        organization: String,
        /// centralized: the groups of its sites become its own; original: only while it has none
        to: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Give somebody a role
    Grant {
        organization: String,
        /// admin, user_access_admin, billing_admin, auditor; with --site site_admin, user_access_admin; with
        /// --product app_admin, user_access_admin
        role: String,
        /// Address or id
        account: String,
        #[command(flatten)]
        on: RoleOn,
    },
    /// Take a role from somebody, or give up your own
    Revoke {
        organization: String,
        role: String,
        /// Address or id
        account: String,
        #[command(flatten)]
        on: RoleOn,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Delete an organization that no workspace is linked to; there is no way back
    Delete {
        organization: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
}

/// How a switch is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OnOff {
    On,
    Off,
}

/// On what a role is held.
#[derive(Debug, clap::Args)]
pub struct RoleOn {
    /// On this site instead of the whole organization
    #[arg(long)]
    site: Option<String>,
    /// On this product of the site
    #[arg(long, requires = "site")]
    product: Option<String>,
}

impl RoleOn {
    fn path(&self, organization: &str, role: &str, account: &str) -> String {
        let site = self.site.as_ref().map(|s| format!("/sites/{}", segment(s))).unwrap_or_default();
        let product = self.product.as_ref().map(|p| format!("/products/{}", segment(p))).unwrap_or_default();
        let organization = segment(organization);
        format!("/organizations/{organization}{site}{product}/roles/{}/{}", segment(role), segment(account))
    }
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
                if !reach.json {
                    println!("{:<20} {}", "your roles", print_roles(&answer));
                }
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
            Self::Users { organization } => {
                let items = client.list(&format!("/organizations/{}/users?limit=500", segment(&organization))).await?;
                if reach.json {
                    print_json(&json!({ "items": items, "next": null }));
                } else {
                    let row = |u: &serde_json::Value| vec![text(u, "email"), text(u, "name"), print_roles(u)];
                    print_table(&["address", "name", "roles"], &items.iter().map(row).collect::<Vec<_>>());
                }
            }
            Self::Change { organization, name, version } => {
                let path = format!("/organizations/{}", segment(&organization));
                let body = json!({ "name": name });
                show(reach, &client.change("PATCH", &path, Some(&body), &version.of(&path)).await?);
            }
            Self::Switches { organization } => {
                let items = client.list(&format!("/organizations/{}/switches", segment(&organization))).await?;
                list(
                    reach,
                    &items,
                    &[("name", "switch"), ("is_on", "on"), ("since", "since"), ("detail", "what it means")],
                );
            }
            Self::Turn { organization, switch, to, version } => {
                let of = format!("/organizations/{}", segment(&organization));
                let body = json!({ "is_on": to == OnOff::On });
                let path = format!("{of}/switches/{}", segment(&switch));
                show(reach, &client.change("PUT", &path, Some(&body), &version.of(&of)).await?);
            }
            Self::UserManagement { organization, to, version } => {
                let of = format!("/organizations/{}", segment(&organization));
                let body = json!({ "user_management": to });
                let path = format!("{of}/user-management");
                show(reach, &client.change("PUT", &path, Some(&body), &version.of(&of)).await?);
            }
            Self::Grant { organization, role, account, on } => {
                client.put(&on.path(&organization, &role, &account), None).await?;
                print_done(reach);
            }
            Self::Revoke { organization, role, account, on, version } => {
                let of = format!("/organizations/{}", segment(&organization));
                client.change("DELETE", &on.path(&organization, &role, &account), None, &version.of(&of)).await?;
                print_done(reach);
            }
            Self::Delete { organization, sure, version } => {
                let path = format!("/organizations/{}", segment(&organization));
                let deletion = client.get(&format!("{path}/deletion")).await?;
                if !confirms_deletion(&sure, &organization, &deletion)? {
                    return Ok(exit::REFUSED);
                }
                client.change("DELETE", &path, None, &version.of(&path)).await?;
                print_done(reach);
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

/// The roles that somebody holds in an organization, as a cell of a table.
pub fn print_roles(of: &serde_json::Value) -> String {
    let role = |r: &serde_json::Value| {
        let on: Vec<String> = ["product", "site"].iter().map(|f| text(r, f)).filter(|t| !t.is_empty()).collect();
        let on = on.join(" on ");
        if on.is_empty() { text(r, "role") } else { format!("{} ({on})", text(r, "role")) }
    };
    let roles: Vec<String> = of["roles"].as_array().into_iter().flatten().map(role).collect();
    roles.join(", ")
}

/// Prints one thing: its JSON, or its plain fields.
pub fn show(reach: &Reach, answer: &serde_json::Value) {
    if reach.json {
        print_json(answer);
        return;
    }
    for (field, value) in answer.as_object().into_iter().flatten() {
        let is_plain = |v: &serde_json::Value| !v.is_object() && !v.is_null();
        if is_plain(value) && value.as_array().is_none_or(|list| list.iter().all(is_plain)) {
            println!("{:<20} {}", field.replace('_', " "), text(answer, field));
        }
    }
}
