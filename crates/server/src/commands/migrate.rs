//! `orglink database …`

use clap::Subcommand;

use super::{print_done, refuse_server};
use crate::client::Reach;
use crate::exit;
use crate::open::{Schema, open_database};
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Database {
    /// Bring the schema up to date
    Migrate,
}

impl Database {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "database")?;
        let config = reach.load_config()?;
        let Self::Migrate = self;
        open_database(&reach.address(&config)?, Schema::Migrate).await?;
        eprintln!("The schema is up to date.");
        print_done(reach);
        Ok(exit::DONE)
    }
}
