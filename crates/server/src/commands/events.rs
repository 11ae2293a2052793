//! `orglink events`

use std::io::Write as _;

use clap::Args;
use orglink_app::upkeep;

use super::text;
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::{Outcome, print_table};

#[derive(Debug, Args)]
pub struct Events {
    /// Only those after this position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    after: i64,
}

impl Events {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        if let Client::Local { app, .. } = &client {
            upkeep::sequence_all(app).await?;
        }
        let mut out = std::io::stdout().lock();
        let mut rows = Vec::new();
        let mut after = self.after.to_string();
        loop {
            let page = client.get(&format!("/events?limit=1000&after={after}")).await?;
            for event in page["items"].as_array().into_iter().flatten() {
                if reach.json {
                    writeln!(out, "{event}")?;
                } else {
                    rows.push(vec![
                        text(event, "position"),
                        text(event, "at"),
                        text(event, "type"),
                        text(event, "through"),
                        text(event, "workspace"),
                        text(event, "organization"),
                    ]);
                }
            }
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        drop(out);
        if !reach.json {
            print_table(&["position", "at", "type", "through", "workspace", "organization"], &rows);
        }
        Ok(exit::DONE)
    }
}
