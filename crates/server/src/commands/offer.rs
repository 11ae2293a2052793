//! `orglink offer …`: what people are offered once, and how they receive it.

use clap::Subcommand;

use super::organization::list;
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Offer {
    /// The offers of the catalog, with how many people skipped and took each
    List,
}

impl Offer {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let Self::List = self;
        let found = client.list("/operator/offers").await?;
        let columns = [
            ("offer", "offer"),
            ("title", "title"),
            ("is_made", "made today"),
            ("shown", "shown"),
            ("skipped", "skipped"),
            ("taken", "taken"),
        ];
        list(reach, &found, &columns);
        Ok(exit::DONE)
    }
}
