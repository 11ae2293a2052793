//! `orglink workspace …`

use clap::Subcommand;

use super::organization::{list, show};
use super::print_done;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Workspace {
    /// The workspaces you may see
    List,
    /// One workspace, and where it is linked
    Show { workspace: String },
    /// User groups with what each may do
    UserGroups { workspace: String },
    /// Members, of the workspace or of one group
    Members {
        workspace: String,
        #[arg(long, value_name = "GROUP")]
        group: Option<String>,
    },
    /// What it pays for
    Subscription { workspace: String },
    /// Its link, with digests and acknowledged warnings
    Link { workspace: String },
    /// Tell me when its eligibility changes
    Watch { workspace: String },
    /// Stop telling me
    Unwatch { workspace: String },
    /// The salt with which its admins rebuild the access digest
    AccessSalt { workspace: String },
}

impl Workspace {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let of = |workspace: &str, rest: &str| format!("/workspaces/{}{rest}", segment(workspace));
        match self {
            Self::List => {
                let items = client.list("/workspaces?limit=500").await?;
                list(
                    reach,
                    &items,
                    &[("slug", "slug"), ("name", "name"), ("kind", "kind"), ("plan", "plan"), ("status", "status")],
                );
            }
            Self::Show { workspace } => {
                let answer = client.get(&of(&workspace, "")).await?;
                show(reach, &answer);
                if let (false, Some(organization)) = (reach.json, answer["link"]["organization"].as_str()) {
                    println!("{:<20} {organization}", "linked to");
                }
            }
            Self::UserGroups { workspace } => {
                let items = client.list(&of(&workspace, "/user-groups")).await?;
                let columns = [
                    ("slug", "slug"),
                    ("name", "name"),
                    ("is_admin", "admin"),
                    ("repository_permission", "repositories"),
                    ("members", "members"),
                ];
                list(reach, &items, &columns);
            }
            Self::Members { workspace, group } => {
                let path = match group {
                    Some(group) => of(&workspace, &format!("/user-groups/{}/members?limit=500", segment(&group))),
                    None => of(&workspace, "/members?limit=500"),
                };
                list(reach, &client.list(&path).await?, &[("email", "address"), ("name", "name")]);
            }
            Self::Subscription { workspace } => show(reach, &client.get(&of(&workspace, "/subscription")).await?),
            Self::Link { workspace } => show(reach, &client.get(&of(&workspace, "/link")).await?),
            Self::Watch { workspace } => {
                client.put(&of(&workspace, "/watch"), None).await?;
                print_done(reach);
            }
            Self::Unwatch { workspace } => {
                client.delete(&of(&workspace, "/watch")).await?;
                print_done(reach);
            }
            Self::AccessSalt { workspace } => show(reach, &client.get(&of(&workspace, "/access-salt")).await?),
        }
        Ok(exit::DONE)
    }
}
