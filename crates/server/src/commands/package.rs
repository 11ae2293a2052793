//! `orglink package …`

use clap::Subcommand;

use super::group::At;
use super::organization::list;
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Package {
    /// What was pushed to a workspace in the container registry, the newest first
    List {
        #[command(flatten)]
        at: At,
    },
}

impl Package {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let Self::List { at } = self;
        let items = client.list(&at.path("/packages?limit=500")).await?;
        let columns =
            [("image", "image"), ("tags", "tags"), ("digest", "digest"), ("size", "bytes"), ("pushed_at", "pushed")];
        list(reach, &items, &columns);
        Ok(exit::DONE)
    }
}
