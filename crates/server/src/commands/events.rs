//! `orglink events`

use std::io::Write as _;
use std::time::Duration;

use clap::{Args, Subcommand};
use orglink_app::upkeep;

use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Outcome, print_table};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Events {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Only those after this position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    after: i64,
    /// Go on as they happen, until interrupted; go on later with --after
    #[arg(long)]
    follow: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Write a log as a file to standard output, newest first
    Export(Export),
}

#[derive(Debug, Args)]
struct Export {
    /// ndjson, csv or ocsf
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    format: String,
    /// The log of this organization; of the whole installation without
    #[arg(long, value_name = "ORGANIZATION", conflicts_with = "workspace")]
    organization: Option<String>,
    /// The log of this workspace
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Option<String>,
    /// Only events of this type, or of all that begin so (link.); may be repeated
    #[arg(long = "type", value_name = "TYPE")]
    kinds: Vec<String>,
    /// Only what this account did: its address or id
    #[arg(long, value_name = "ACCOUNT")]
    actor: Option<String>,
    /// Only events at this time or later (RFC 3339)
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only events before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl Export {
    async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        if let Some(app) = client.app() {
            upkeep::sequence_all(app).await?;
        }
        let of = match (&self.organization, &self.workspace) {
            (Some(slug), _) => format!("/organizations/{}", segment(slug)),
            (None, Some(slug)) => format!("/workspaces/{}", segment(slug)),
            (None, None) => "/operator".to_owned(),
        };
        let kinds = Some(self.kinds.join(",")).filter(|kinds| !kinds.is_empty());
        let fields = [
            ("format", Some(self.format)),
            ("type", kinds),
            ("actor", self.actor),
            ("from", self.from),
            ("until", self.until),
        ];
        let given = fields.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", segment(&value?))));
        let query = given.collect::<Vec<_>>().join("&");
        client.download(&format!("{of}/events/export?{query}"), &mut std::io::stdout()).await?;
        Ok(exit::DONE)
    }
}

const HEADINGS: [&str; 6] = ["position", "at", "type", "through", "workspace", "organization"];
/// How often a follower looks.
const LOOK: Duration = Duration::from_millis(500);

impl Events {
    pub async fn run(self, reach: &Reach) -> Outcome {
        if let Some(Verb::Export(export)) = self.verb {
            return export.run(reach).await;
        }
        let client = Client::open(reach).await?;
        let mut after = self.after.to_string();
        let mut rows = Vec::new();
        loop {
            if let Some(app) = client.app() {
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
