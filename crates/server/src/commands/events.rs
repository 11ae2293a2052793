//! `orglink events`

use std::io::Write as _;
use std::time::Duration;

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
    /// Go on as they happen, until interrupted; go on later with --after
    #[arg(long)]
    follow: bool,
}

const HEADINGS: [&str; 6] = ["position", "at", "type", "through", "workspace", "organization"];
/// How often a follower looks.
const LOOK: Duration = Duration::from_millis(500);

impl Events {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let mut after = self.after.to_string();
        let mut rows = Vec::new();
        loop {
            if let Client::Local { app, .. } = &client {
                upkeep::sequence_pending(app).await?;
            }
            let page = client.get(&format!("/events?limit=1000&after={after}")).await?;
            let events = page["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(last) = events.last() {
                after = text(last, "position");
            }
            if reach.json || self.follow {
                let lines =
                    events.iter().map(|event| if reach.json { event.to_string() } else { row(event).join("  ") });
                // A reader that went away wants nothing more.
                if write_lines(lines).is_err() {
                    return Ok(exit::DONE);
                }
            } else {
                rows.extend(events.iter().map(row));
            }
            match (page["next"].is_null(), self.follow) {
                (false, _) => {}
                (true, true) => tokio::time::sleep(LOOK).await,
                (true, false) => break,
            }
        }
        if !reach.json {
            print_table(&HEADINGS, &rows);
        }
        Ok(exit::DONE)
    }
}

fn row(event: &serde_json::Value) -> Vec<String> {
    HEADINGS.iter().map(|field| text(event, field)).collect()
}

fn write_lines(lines: impl Iterator<Item = String>) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
