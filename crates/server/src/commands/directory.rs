//! `orglink directory group …`: of an organization, or of one of its sites.

use clap::{Args, Subcommand};
use serde_json::json;

use super::ask::{IfVersion, Sure};
use super::organization::{list, show};
use super::print_done;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Directory {
    /// Groups of an organization's directory, and who is in them
    #[command(subcommand)]
    Group(Group),
}

/// `--organization O`, or `--organization O --site S`
#[derive(Debug, Args)]
pub struct Of {
    #[arg(short, long)]
    organization: String,
    /// The groups that this site keeps, in an organization with original user management
    #[arg(long)]
    site: Option<String>,
}

impl Of {
    fn groups(&self) -> String {
        let site = self.site.as_ref().map(|s| format!("/sites/{}", segment(s))).unwrap_or_default();
        format!("/organizations/{}{site}/directory/groups", segment(&self.organization))
    }

    fn group(&self, group: &str) -> String {
        format!("{}/{}", self.groups(), segment(group))
    }
}

#[derive(Debug, Subcommand)]
pub enum Group {
    /// The groups of a directory
    List {
        #[command(flatten)]
        of: Of,
    },
    /// One of them
    Show {
        #[command(flatten)]
        of: Of,
        group: String,
    },
    /// Make a group
    Create {
        #[command(flatten)]
        of: Of,
        name: String,
        /// Made from the name when absent; stays as it is afterwards
        #[arg(long)]
        slug: Option<String>,
    },
    /// Call a group otherwise; its slug stays
    Rename {
        #[command(flatten)]
        of: Of,
        group: String,
        name: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Delete a group that no workspace's group is attached to
    Delete {
        #[command(flatten)]
        of: Of,
        group: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Who is in a group
    Members {
        #[command(flatten)]
        of: Of,
        group: String,
    },
    /// Add people whom the organization knows, also to every user group that is attached
    AddMember {
        #[command(flatten)]
        of: Of,
        group: String,
        /// Addresses or ids
        #[arg(required = true)]
        accounts: Vec<String>,
    },
    /// Take somebody out, also of every user group that is attached
    RemoveMember {
        #[command(flatten)]
        of: Of,
        group: String,
        /// Address or id
        account: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Invite people whom the organization does not know yet
    Invite {
        #[command(flatten)]
        of: Of,
        group: String,
        /// Their e-mail addresses
        #[arg(required = true)]
        emails: Vec<String>,
    },
    /// Bring a group into a workspace whose users have migrated, as a user group that may do nothing there yet
    Attach {
        #[arg(short, long)]
        organization: String,
        group: String,
        #[arg(short, long)]
        workspace: String,
    },
}

impl Directory {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let Self::Group(command) = self;
        let client = Client::open(reach).await?;
        match command {
            Group::List { of } => {
                let columns = [("slug", "group"), ("name", "name"), ("members", "members"), ("attached", "attached")];
                list(reach, &client.list(&of.groups()).await?, &columns);
            }
            Group::Show { of, group } => show(reach, &client.get(&of.group(&group)).await?),
            Group::Create { of, name, slug } => {
                show(reach, &client.post(&of.groups(), &json!({ "name": name, "slug": slug }), None).await?);
            }
            Group::Rename { of, group, name, version } => {
                let path = of.group(&group);
                let body = json!({ "name": name });
                show(reach, &client.change("PATCH", &path, Some(&body), &version.of(&path)).await?);
            }
            Group::Delete { of, group, sure, version } => {
                if !sure.confirms(&format!("Delete the group {group} of the directory?"))? {
                    return Ok(exit::REFUSED);
                }
                let path = of.group(&group);
                client.change("DELETE", &path, None, &version.of(&path)).await?;
                print_done(reach);
            }
            Group::Members { of, group } => {
                let found = client.list(&format!("{}/members", of.group(&group))).await?;
                list(reach, &found, &[("email", "address"), ("name", "name"), ("is_suspended", "suspended")]);
            }
            Group::AddMember { of, group, accounts } => {
                for account in accounts {
                    client.put(&format!("{}/members/{}", of.group(&group), segment(&account)), None).await?;
                }
                print_done(reach);
            }
            Group::RemoveMember { of, group, account, version } => {
                let path = of.group(&group);
                let member = format!("{path}/members/{}", segment(&account));
                client.change("DELETE", &member, None, &version.of(&path)).await?;
                print_done(reach);
            }
            Group::Invite { of, group, emails } => {
                let path = format!("{}/invitations", of.group(&group));
                let made = client.post(&path, &json!({ "emails": emails }), None).await?;
                let items = made["items"].as_array().cloned().unwrap_or_default();
                list(reach, &items, &[("email", "address"), ("outcome", "outcome"), ("id", "invitation")]);
            }
            Group::Attach { organization, group, workspace } => {
                let of = Of { organization, site: None };
                client.put(&format!("{}/workspaces/{}", of.group(&group), segment(&workspace)), None).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
