//! `orglink freeze …`

use clap::Subcommand;
use serde_json::json;

use super::organization::show;
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Freeze {
    /// Whether linking, imports and mail are stopped
    Show,
    /// Stop linking, imports and mail (all but what concerns the safety of accounts)
    On {
        /// Why; shown to everybody
        #[arg(long)]
        reason: String,
    },
    /// Allow them again
    Off,
}

impl Freeze {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Show => {}
            Self::On { reason } => {
                client.put("/freeze", Some(&json!({ "linking_frozen": true, "reason": reason }))).await?;
            }
            Self::Off => {
                client.put("/freeze", Some(&json!({ "linking_frozen": false, "reason": null }))).await?;
            }
        }
        show(reach, &client.get("/freeze").await?);
        Ok(exit::DONE)
    }
}
