//! `orglink recovery …`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::organization::{list, show};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Place {
    /// The organization, by slug or id
    #[arg(long, short = 'o')]
    organization: Option<String>,
    /// The workspace, by slug or id
    #[arg(long, short = 'w')]
    workspace: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Recovery {
    /// The recoveries you asked for; for operators all of them
    List,
    /// One recovery
    Show { id: String },
    /// Ask to become admin of what nobody can administer any more, by control of your domain
    Request {
        #[command(flatten)]
        place: Place,
        /// Why; everybody concerned reads it
        #[arg(long)]
        reason: String,
    },
    /// Propose somebody, as an operator; another operator approves
    Propose {
        #[command(flatten)]
        place: Place,
        /// Who becomes admin, by address
        #[arg(long)]
        account: String,
        /// Why; everybody concerned reads it
        #[arg(long)]
        reason: String,
    },
    /// Look whether the record stands at the domain
    Prove { id: String },
    /// Approve what another operator proposed
    Approve { id: String },
    /// Say no: it ends
    Object {
        id: String,
        /// Why not
        #[arg(long)]
        reason: String,
    },
    /// No longer ask
    Withdraw { id: String },
}

impl Recovery {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let create = async |place: Place, account: Option<String>, reason: String| {
            let body = json!({
                "organization": place.organization, "workspace": place.workspace, "account": account, "reason": reason,
            });
            client.post("/recoveries", &body, None).await
        };
        let act = async |id: &str, verb: &str, body: Value| client.act("recoveries", id, verb, &body).await;
        let answer = match self {
            Self::List => {
                let columns = [
                    ("id", "id"),
                    ("kind", "of"),
                    ("place", "slug"),
                    ("account", "for"),
                    ("state", "state"),
                    ("applies_at", "applies"),
                ];
                list(reach, &client.list("/recoveries").await?, &columns);
                return Ok(exit::DONE);
            }
            Self::Show { id } => client.get(&format!("/recoveries/{}", segment(&id))).await?,
            Self::Request { place, reason } => create(place, None, reason).await?,
            Self::Propose { place, account, reason } => create(place, Some(account), reason).await?,
            Self::Prove { id } => act(&id, "prove", Value::Null).await?,
            Self::Approve { id } => act(&id, "approve", Value::Null).await?,
            Self::Object { id, reason } => act(&id, "object", json!({ "reason": reason })).await?,
            Self::Withdraw { id } => act(&id, "withdraw", Value::Null).await?,
        };
        show(reach, &answer);
        Ok(exit::DONE)
    }
}
