//! `orglink workspace …`

use clap::Subcommand;

use serde_json::Value;

use super::ask::{IfVersion, Sure, confirms_deletion};
use super::organization::{list, show};
use super::print_done;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome};

#[derive(Debug, Subcommand)]
pub enum Workspace {
    /// The workspaces you may see
    List,
    /// Every workspace of the installation, filtered (operator)
    Explore {
        #[command(flatten)]
        filter: Filter,
    },
    /// How many workspaces there are, can be linked, and have each reason (operator)
    Counts,
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
    /// Change its name, plan or contacts
    Change {
        workspace: String,
        #[arg(long)]
        name: Option<String>,
        /// free, standard or premium
        #[arg(long)]
        plan: Option<String>,
        /// monthly or annual
        #[arg(long)]
        billing_cycle: Option<String>,
        /// Address of a member; again for more; these become the whole list
        #[arg(long, value_name = "EMAIL")]
        billing_contact: Option<Vec<String>>,
        /// The same for technical matters
        #[arg(long, value_name = "EMAIL")]
        technical_contact: Option<Vec<String>>,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Make a personal workspace a team workspace; there is no way back
    Convert {
        workspace: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Take somebody out of the workspace: every group, every grant of their own
    RemoveMember {
        workspace: String,
        /// Address or id
        account: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Delete a workspace with everything in it; there is no way back
    Delete {
        workspace: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Tell me when its eligibility changes
    Watch { workspace: String },
    /// Stop telling me
    Unwatch { workspace: String },
    /// The salt with which its admins rebuild the access digest
    AccessSalt { workspace: String },
}

#[derive(Debug, clap::Args)]
pub struct Filter {
    /// eligible, or a reason such as free_plan; already_linked are the linked ones
    #[arg(long)]
    state: Option<String>,
    #[arg(long)]
    plan: Option<String>,
    #[arg(long)]
    kind: Option<String>,
    #[arg(long)]
    status: Option<String>,
    #[arg(long)]
    app: Option<String>,
    #[arg(long)]
    label: Option<String>,
    /// What the slug begins with
    #[arg(long)]
    slug: Option<String>,
    /// At most so many; all of them with 0
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

impl Filter {
    async fn fetch(self, client: &Client) -> Result<Vec<Value>, Failed> {
        let fields = [
            ("state", &self.state),
            ("plan", &self.plan),
            ("kind", &self.kind),
            ("status", &self.status),
            ("app", &self.app),
            ("label", &self.label),
            ("slug", &self.slug),
        ];
        let given = fields.iter().filter_map(|(name, value)| value.as_ref().map(|v| format!("&{name}={}", segment(v))));
        let page = if self.limit == 0 { 500 } else { self.limit.min(500) };
        let path = format!("/operator/workspaces?limit={page}{}", given.collect::<String>());
        let (mut items, mut from) = (Vec::new(), String::new());
        loop {
            let mut answer = client.get(&format!("{path}{from}")).await?;
            if let Value::Array(found) = answer["items"].take() {
                items.extend(found);
            }
            match answer["next"].as_str() {
                Some(next) if self.limit == 0 || items.len() < self.limit => from = format!("&cursor={next}"),
                _ => break,
            }
        }
        if self.limit > 0 {
            items.truncate(self.limit);
        }
        Ok(items)
    }
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
            Self::Explore { filter } => {
                let mut items = filter.fetch(&client).await?;
                if !reach.json {
                    for item in &mut items {
                        let codes: Vec<Value> =
                            item["reasons"].as_array().into_iter().flatten().map(|r| r["code"].clone()).collect();
                        item["reasons"] = codes.into();
                    }
                }
                let columns = [
                    ("slug", "slug"),
                    ("kind", "kind"),
                    ("plan", "plan"),
                    ("eligible", "eligible"),
                    ("reasons", "reasons"),
                ];
                list(reach, &items, &columns);
            }
            Self::Counts => {
                let counts = client.get("/operator/workspaces/counts").await?;
                show(reach, &counts);
                for (code, count) in counts["by_reason"].as_object().into_iter().flatten().filter(|_| !reach.json) {
                    println!("  {:<18} {count}", code.replace('_', " "));
                }
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
            Self::Change { workspace, name, plan, billing_cycle, billing_contact, technical_contact, version } => {
                let path = of(&workspace, "");
                let mut body = serde_json::Map::new();
                let fields = [
                    ("name", name.map(Value::from)),
                    ("plan", plan.map(Value::from)),
                    ("billing_cycle", billing_cycle.map(Value::from)),
                    ("billing_contacts", billing_contact.map(Value::from)),
                    ("technical_contacts", technical_contact.map(Value::from)),
                ];
                body.extend(fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?))));
                if body.is_empty() {
                    return Err(Failed::Usage("say what to change: --name, --plan, --billing-cycle, …".to_owned()));
                }
                show(reach, &client.change("PATCH", &path, Some(&body.into()), &version.of(&path)).await?);
            }
            Self::Convert { workspace, sure, version } => {
                let path = of(&workspace, "");
                let ask = format!("Make {workspace} a team workspace? There is no way back.");
                if !sure.confirms(&ask)? {
                    return Ok(exit::REFUSED);
                }
                show(reach, &client.change("POST", &of(&workspace, "/convert"), None, &version.of(&path)).await?);
            }
            Self::RemoveMember { workspace, account, version } => {
                let path = of(&workspace, &format!("/members/{}", segment(&account)));
                client.change("DELETE", &path, None, &version.of(&of(&workspace, ""))).await?;
                print_done(reach);
            }
            Self::Delete { workspace, sure, version } => {
                let deletion = client.get(&of(&workspace, "/deletion")).await?;
                if !confirms_deletion(&sure, &workspace, &deletion)? {
                    return Ok(exit::REFUSED);
                }
                client.change("DELETE", &of(&workspace, ""), None, &version.of(&of(&workspace, ""))).await?;
                print_done(reach);
            }
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
