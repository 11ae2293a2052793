//! `orglink billing-account …`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::ask::{IfVersion, Sure};
use super::organization::list;
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_json};

/// Which one.
#[derive(Debug, Args)]
pub struct Of {
    /// Its id
    #[arg(value_name = "BILLING-ACCOUNT")]
    id: String,
}

impl Of {
    fn path(&self) -> String {
        format!("/billing-accounts/{}", segment(&self.id))
    }
}

#[derive(Debug, Subcommand)]
pub enum BillingAccount {
    /// Those that you administer, pay or are asked to pay; or all of an organization
    List {
        /// An organization, by slug or id
        #[arg(short, long)]
        organization: Option<String>,
    },
    /// Who is on it, who pays, and what is asked
    Show(Of),
    /// The workspaces that it pays for
    Workspaces(Of),
    /// Change its name, or whom its bills are for
    Change {
        #[command(flatten)]
        of: Of,
        #[arg(long)]
        name: Option<String>,
        /// Company, address, tax number: up to 10 lines
        #[arg(long)]
        bill_to: Option<String>,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Make somebody an admin whom the organization knows
    AddAdmin {
        #[command(flatten)]
        of: Of,
        /// Address or id
        account: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Take an admin away; one remains
    RemoveAdmin {
        #[command(flatten)]
        of: Of,
        /// Address or id
        account: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Have some of its workspaces come on a bill of their own
    Split {
        #[command(flatten)]
        of: Of,
        /// Of the new billing account
        #[arg(long)]
        name: String,
        /// Slugs
        #[arg(required = true)]
        workspaces: Vec<String>,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Ask somebody else to pay; nothing changes before they agree
    AskPayer {
        #[command(flatten)]
        of: Of,
        /// Their address
        email: String,
    },
    /// Ask, as whoever pays, no longer to
    Release(Of),
    /// Have another one pay for everything of it: at once when you administer both
    Merge {
        #[command(flatten)]
        of: Of,
        /// Id of the one that pays from then on
        #[arg(long)]
        into: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// Agree to what is asked of it
    Agree {
        #[command(flatten)]
        of: Of,
        /// The digest that `show` printed: nothing is agreed to when it is another by now
        #[arg(long)]
        digest: Option<String>,
    },
    /// Take back what you asked, or say no to what is asked of you
    End(Of),
}

impl BillingAccount {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List { organization } => {
                let path = match organization {
                    Some(organization) => format!("/organizations/{}/billing-accounts", segment(&organization)),
                    None => "/me/billing-accounts".to_owned(),
                };
                let columns = [
                    ("id", "billing account"),
                    ("name", "name"),
                    ("workspaces", "workspaces"),
                    ("currency", "currency"),
                    ("merged", "merged"),
                ];
                list(reach, &client.list(&path).await?, &columns);
            }
            Self::Show(of) => print_account(reach, &client.get(&of.path()).await?),
            Self::Workspaces(of) => {
                let columns = [
                    ("workspace", "workspace"),
                    ("plan", "plan"),
                    ("billing_cycle", "billed"),
                    ("charged_until", "charged until"),
                ];
                list(reach, &client.list(&format!("{}/workspaces", of.path())).await?, &columns);
            }
            Self::Change { of, name, bill_to, version } => {
                let (path, mut body) = (of.path(), json!({}));
                for (field, value) in [("name", name), ("bill_to", bill_to)] {
                    if let (Some(value), Some(fields)) = (value, body.as_object_mut()) {
                        fields.insert(field.to_owned(), json!(value));
                    }
                }
                let changed = client.change("PATCH", &path, Some(&body), &version.of(&path)).await?;
                print_account(reach, &changed);
            }
            Self::AddAdmin { of, account, version } => {
                let path = of.path();
                let admin = format!("{path}/admins/{}", segment(&account));
                client.change("PUT", &admin, None, &version.of(&path)).await?;
                print_done(reach);
            }
            Self::RemoveAdmin { of, account, version } => {
                let path = of.path();
                let admin = format!("{path}/admins/{}", segment(&account));
                client.change("DELETE", &admin, None, &version.of(&path)).await?;
                print_done(reach);
            }
            Self::Split { of, name, workspaces, sure, version } => {
                if !sure.confirms(&format!("Have {} come on a bill of their own?", workspaces.join(", ")))? {
                    return Ok(exit::REFUSED);
                }
                let path = of.path();
                let body = json!({ "name": name, "workspaces": workspaces });
                let made = client.change("POST", &format!("{path}/split"), Some(&body), &version.of(&path)).await?;
                print_account(reach, &made);
            }
            Self::AskPayer { of, email } => {
                client.post(&format!("{}/payer", of.path()), &json!({ "email": email }), None).await?;
                print_done(reach);
            }
            Self::Release(of) => {
                client.delete(&format!("{}/payer", of.path())).await?;
                print_done(reach);
            }
            Self::Merge { of, into, sure } => {
                if !sure.confirms(&format!("Have {into} pay for everything of {}?", of.id))? {
                    return Ok(exit::REFUSED);
                }
                client.post(&format!("{}/merge", of.path()), &json!({ "into": into }), None).await?;
                print_done(reach);
            }
            Self::Agree { of, digest } => {
                let body = json!({ "digest": digest });
                client.post(&format!("{}/agreement", of.path()), &body, None).await?;
                print_done(reach);
            }
            Self::End(of) => {
                client.delete(&format!("{}/request", of.path())).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}

fn print_account(reach: &Reach, account: &Value) {
    if reach.json {
        print_json(account);
        return;
    }
    println!(
        "{} ({}) pays for {} workspaces of the organization {}, in {}.",
        text(account, "name"),
        text(account, "id"),
        text(account, "workspaces"),
        text(account, "organization"),
        text(account, "currency")
    );
    for admin in account["admins"].as_array().into_iter().flatten() {
        println!("  admin: {} ({})", text(admin, "name"), text(admin, "email"));
    }
    let payer = text(account, "payer");
    println!("  payer: {}", if payer.is_empty() { "its admins" } else { &payer });
    for line in text(account, "bill_to").lines() {
        println!("  on its bills: {line}");
    }
    let asked = account["asked_by"].as_array().into_iter().flatten();
    for request in asked.chain(Some(&account["request"]).filter(|request| request.is_object())) {
        let about = text(request, "name");
        let what = match text(request, "kind").as_str() {
            "payer" => format!("{} is asked to pay {about}", text(request, "who")),
            "release" => format!("whoever pays {about} no longer wants to"),
            _ => format!("{} is asked to pay for everything of {about}", text(request, "who")),
        };
        println!("  asked until {}: {what}", text(request, "expires_at"));
        if request["may_agree"] == true {
            let (id, digest) = (text(request, "billing_account"), text(request, "digest"));
            println!("    It is yours: orglink billing-account agree {id} --digest {digest}");
        }
    }
}
