//! `orglink operator …`

use clap::Subcommand;
use orglink_app::{Principal, installation, upkeep};

use super::{print_done, refuse_server};
use crate::client::Reach;
use crate::exit;
use crate::open::Schema;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Operator {
    /// Make an account an operator (on the database itself)
    Grant { email: String },
}

impl Operator {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "operator")?;
        let app = reach.open(Schema::Require).await?;
        let Self::Grant { email } = self;
        installation::grant_operator(&app, &Principal::local_operator(), &email).await?;
        upkeep::sequence_all(&app).await?;
        print_done(reach);
        Ok(exit::DONE)
    }
}
