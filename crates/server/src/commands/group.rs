//! `orglink group …`

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::ask::{IfVersion, Sure};
use super::organization::show;
use super::print_done;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome};

#[derive(Debug, Subcommand)]
pub enum Group {
    /// Make a user group
    Create {
        #[command(flatten)]
        at: At,
        name: String,
        /// Made from the name when absent; stays as it is afterwards
        #[arg(long)]
        slug: Option<String>,
        #[command(flatten)]
        fields: Fields,
    },
    /// Change a user group
    Change {
        #[command(flatten)]
        at: At,
        group: String,
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Delete a user group: its members lose what they had through it
    Delete {
        #[command(flatten)]
        at: At,
        group: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Add members of the workspace to a group
    AddMember {
        #[command(flatten)]
        at: At,
        group: String,
        /// Addresses or ids
        #[arg(required = true)]
        accounts: Vec<String>,
    },
    /// Take somebody out of a group
    RemoveMember {
        #[command(flatten)]
        at: At,
        group: String,
        /// Address or id
        account: String,
        #[command(flatten)]
        version: IfVersion,
    },
}

/// `--workspace W`
#[derive(Debug, Args)]
pub struct At {
    #[arg(short, long)]
    pub workspace: String,
}

impl At {
    pub fn path(&self, rest: &str) -> String {
        format!("/workspaces/{}{rest}", segment(&self.workspace))
    }
}

#[derive(Debug, Args)]
pub struct Fields {
    /// Whether its members administer the workspace
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    admin: Option<bool>,
    /// none, read, write or admin
    #[arg(long, value_name = "PERMISSION")]
    repository_permission: Option<String>,
    /// Again for more; these become the whole list
    #[arg(long, value_name = "WORD")]
    workspace_permission: Option<Vec<String>>,
    /// Whether new members land here
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    default: Option<bool>,
}

impl Fields {
    fn body(self, name: Option<String>) -> Map<String, Value> {
        let fields = [
            ("name", name.map(Value::from)),
            ("is_admin", self.admin.map(Value::from)),
            ("repository_permission", self.repository_permission.map(Value::from)),
            ("workspace_permissions", self.workspace_permission.map(Value::from)),
            ("is_default", self.default.map(Value::from)),
        ];
        fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?))).collect()
    }
}

impl Group {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Create { at, name, slug, fields } => {
                let mut body = fields.body(Some(name));
                body.extend(slug.map(|slug| ("slug".to_owned(), slug.into())));
                show(reach, &client.post(&at.path("/user-groups"), &body.into(), None).await?);
            }
            Self::Change { at, group, name, fields, version } => {
                let path = at.path(&format!("/user-groups/{}", segment(&group)));
                let body = fields.body(name);
                if body.is_empty() {
                    return Err(Failed::Usage("say what to change: --name, --admin, --default, …".to_owned()));
                }
                show(reach, &client.change("PATCH", &path, Some(&body.into()), &version.of(&path)).await?);
            }
            Self::Delete { at, group, sure, version } => {
                let path = at.path(&format!("/user-groups/{}", segment(&group)));
                let ask = format!("Delete the user group {group}? Its members lose what they have through it.");
                if !sure.confirms(&ask)? {
                    return Ok(exit::REFUSED);
                }
                client.change("DELETE", &path, None, &version.of(&path)).await?;
                print_done(reach);
            }
            Self::AddMember { at, group, accounts } => {
                for account in accounts {
                    let rest = format!("/user-groups/{}/members/{}", segment(&group), segment(&account));
                    client.put(&at.path(&rest), None).await?;
                }
                print_done(reach);
            }
            Self::RemoveMember { at, group, account, version } => {
                let rest = format!("/user-groups/{}/members/{}", segment(&group), segment(&account));
                client.change("DELETE", &at.path(&rest), None, &version.of(&at.path(""))).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
