//! `orglink operator …`

use clap::Subcommand;
use orglink_app::{Principal, installation, operator, upkeep};
use serde_json::json;

use super::{print_done, refuse_server};
use crate::client::Reach;
use crate::exit;
use crate::open::Schema;
use crate::output::{Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Operator {
    /// The operators
    List,
    /// Make an account an operator (on the database itself: also when nobody can sign in any more)
    Grant { email: String },
    /// Take from an account what makes it an operator; one remains
    Revoke { email: String },
}

impl Operator {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "operator")?;
        let app = reach.open(Schema::Require).await?;
        let me = Principal::local_operator();
        match self {
            Self::List => {
                let found = operator::list_operators(&app, &me).await?;
                if reach.json {
                    let items: Vec<_> =
                        found.iter().map(|a| json!({ "id": a.id, "email": a.email, "name": a.name })).collect();
                    print_json(&json!({ "items": items, "next": null }));
                } else {
                    let rows: Vec<Vec<String>> = found.into_iter().map(|a| vec![a.email, a.name]).collect();
                    print_table(&["address", "name"], &rows);
                }
                return Ok(exit::DONE);
            }
            Self::Grant { email } => installation::grant_operator(&app, &me, &email).await?,
            Self::Revoke { email } => operator::revoke_operator(&app, &me, &email).await?,
        }
        upkeep::sequence_pending(&app).await?;
        print_done(reach);
        Ok(exit::DONE)
    }
}
