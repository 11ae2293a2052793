//! `orglink campaign …`

mod print;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use self::print::{print_counts, print_mails, print_run, print_status};
use super::ask::{IfVersion, Sure};
use super::organization::{list, show};
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json, somebody_watches};

#[derive(Debug, Subcommand)]
pub enum Campaign {
    /// Write a campaign, as a draft, from a file (TOML)
    Create {
        /// What the campaign is; see docs/campaigns.md
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Change a campaign to what a file says; everybody concerned is told of new dates
    Change {
        campaign: String,
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        version: IfVersion,
    },
    /// All campaigns
    List,
    /// How far a campaign is
    Status { campaign: String },
    /// Mean it: from its first day on everybody is told
    Announce(Step),
    /// Stop it where it is
    Pause(Step),
    /// Let it go on
    Resume(Step),
    /// End it for good; what is linked stays
    Cancel(Step),
    /// What would happen on a day: everything, row by row; nothing changes
    Rehearse(Rehearse),
    /// The mails of a campaign as people read them; nothing is sent
    Mails { campaign: String },
    /// Do what is due now, to the end
    Run {
        campaign: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// What was decided about each workspace, and what came of it
    Decisions {
        campaign: String,
        /// decided, left_alone, linked, skipped, failed or undone
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        rows: Rows,
    },
    /// Try again what failed
    Retry { campaign: String },
    /// Take back what was linked by itself, inside the undo window
    Undo {
        campaign: String,
        /// Only this wave (0 is the canary)
        #[arg(long)]
        wave: Option<i64>,
        /// Why; everybody concerned reads it
        #[arg(long)]
        reason: String,
    },
    /// What the campaign means for a workspace
    Outlook {
        /// Slug or id
        workspace: String,
    },
    /// Say where a workspace is to go if nobody links it
    Prefer(Preference),
    /// Take that back
    Unprefer(Preference),
    /// Ask for more time for a workspace
    Postpone {
        /// Slug or id
        workspace: String,
        /// Not linked by itself before this day ends
        #[arg(long, value_name = "DATE")]
        until: String,
        #[arg(long)]
        reason: String,
        /// For which campaign: link, billing or users
        #[arg(long, value_name = "PURPOSE", default_value = "link")]
        purpose: String,
    },
    /// Claim an organization that a campaign made
    Claim {
        /// Slug or id
        organization: String,
    },
    /// Object to the claim of another
    Object {
        /// Slug or id
        organization: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub struct Step {
    campaign: String,
    /// Why; everybody who looks at the campaign reads it
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    version: IfVersion,
}

#[derive(Debug, Args)]
pub struct Rows {
    /// Every row, not only the first 1,000
    #[arg(long)]
    all: bool,
    /// One JSON object a line, all of them
    #[arg(long)]
    ndjson: bool,
}

#[derive(Debug, Args)]
pub struct Rehearse {
    pub campaign: String,
    /// The day it is about; the day of automatic linking, or today when that is past
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    rows: Rows,
}

#[derive(Debug, Args)]
pub struct Preference {
    /// Slug or id
    #[arg(long, short = 'w')]
    workspace: String,
    /// Slug or id
    #[arg(long, short = 'o')]
    organization: String,
    /// As an admin of the organization
    #[arg(long)]
    for_organization: bool,
}

impl Campaign {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Create { file } => {
                let answer = client.post("/campaigns", &read_file(&file)?, None).await?;
                show(reach, &answer);
            }
            Self::Change { campaign: name, file, version } => {
                let path = path_of(&name);
                show(reach, &client.change("PUT", &path, Some(&read_file(&file)?), &version.of(&path)).await?);
            }
            Self::List => {
                let columns = [("name", "name"), ("state", "state"), ("version", "version")];
                list(reach, &client.list("/campaigns").await?, &columns);
            }
            Self::Status { campaign: name } => {
                let status = client.get(&path_of(&name)).await?;
                if reach.json { print_json(&status) } else { print_status(&status) }
            }
            Self::Announce(step) => step.take(reach, &client, "announce").await?,
            Self::Pause(step) => step.take(reach, &client, "pause").await?,
            Self::Resume(step) => step.take(reach, &client, "resume").await?,
            Self::Cancel(step) => step.take(reach, &client, "cancel").await?,
            Self::Rehearse(wanted) => {
                let path = format!("{}/rehearsals", path_of(&wanted.campaign));
                let run = client.post(&path, &json!({ "on": wanted.on }), None).await?;
                print_run(reach, &client, &wanted.campaign, &run, None, &wanted.rows).await?;
            }
            Self::Mails { campaign: name } => {
                let mails = client.get(&format!("{}/mails", path_of(&name))).await?;
                if reach.json { print_json(&mails) } else { print_mails(&mails) }
            }
            Self::Run { campaign: name, sure } => return run_due(reach, &client, &name, &sure).await,
            Self::Decisions { campaign: name, state, rows } => {
                let run = client.get(&format!("{}/runs/real", path_of(&name))).await?;
                print_run(reach, &client, &name, &run, state.as_deref(), &rows).await?;
            }
            Self::Retry { campaign: name } => {
                show(reach, &client.post(&format!("{}/retry", path_of(&name)), &Value::Null, None).await?);
            }
            Self::Undo { campaign: name, wave, reason } => {
                let body = json!({ "wave": wave, "reason": reason });
                show(reach, &client.post(&format!("{}/undo", path_of(&name)), &body, None).await?);
            }
            Self::Outlook { workspace } => {
                show(reach, &client.get(&format!("/workspaces/{}/campaign", segment(&workspace))).await?);
            }
            Self::Prefer(preference) => preference.send(reach, &client, "PUT").await?,
            Self::Unprefer(preference) => preference.send(reach, &client, "DELETE").await?,
            Self::Postpone { workspace, until, reason, purpose } => {
                let path = format!("/workspaces/{}/postponement?purpose={}", segment(&workspace), segment(&purpose));
                let body = json!({ "until": until, "reason": reason }).to_string().into_bytes();
                show(reach, &client.send("PUT", &path, Some(body), None).await?);
            }
            Self::Claim { organization } => {
                let path = format!("/organizations/{}/claim", segment(&organization));
                show(reach, &client.post(&path, &Value::Null, None).await?);
            }
            Self::Object { organization, reason } => {
                let path = format!("/organizations/{}/claim/object", segment(&organization));
                client.post(&path, &json!({ "reason": reason }), None).await?;
                super::print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}

fn path_of(name: &str) -> String {
    format!("/campaigns/{}", segment(name))
}

/// A campaign's file, as the JSON that the API takes.
fn read_file(path: &PathBuf) -> Result<Value, Failed> {
    let bad = |what: String| Failed::Usage(format!("{}: {what}", path.display()));
    let read = std::fs::read_to_string(path).map_err(|e| bad(e.to_string()))?;
    let table: toml::Table = toml::from_str(&read).map_err(|e| bad(e.to_string()))?;
    serde_json::to_value(table).map_err(|e| bad(e.to_string()))
}

impl Step {
    async fn take(&self, reach: &Reach, client: &Client, step: &str) -> Result<(), Failed> {
        let path = path_of(&self.campaign);
        let body = json!({ "step": step, "reason": self.reason });
        show(reach, &client.change("POST", &format!("{path}/steps"), Some(&body), &self.version.of(&path)).await?);
        Ok(())
    }
}

impl Preference {
    async fn send(&self, reach: &Reach, client: &Client, method: &str) -> Result<(), Failed> {
        let (w, o) = (segment(&self.workspace), segment(&self.organization));
        let path = if self.for_organization {
            format!("/organizations/{o}/preferences/{w}")
        } else {
            format!("/workspaces/{w}/preferences/{o}")
        };
        client.send(method, &path, None, None).await?;
        super::print_done(reach);
        Ok(())
    }
}

/// Does what is due, to the end, with a bar where somebody watches.
async fn run_due(reach: &Reach, client: &Client, name: &str, sure: &Sure) -> Outcome {
    if !sure.is_given() {
        let run = client.post(&format!("{}/rehearsals", path_of(name)), &json!({ "on": null }), None).await?;
        print_counts(&run);
        if !sure.confirms("Do what is due now?")? {
            return Ok(exit::REFUSED);
        }
    }
    let bar = if somebody_watches() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    let path = format!("{}/run", path_of(name));
    let progress = loop {
        let progress = client.post(&path, &Value::Null, None).await?;
        bar.set_length(progress["to_link"].as_u64().unwrap_or(0));
        bar.set_position(progress["settled"].as_u64().unwrap_or(0));
        bar.set_message(text(&progress, "state"));
        if progress["did"] == true {
            continue;
        }
        if progress["waits_for"] != "another_runner" {
            break progress;
        }
        // Somebody else decides, or was killed while deciding.
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    bar.finish_and_clear();
    let status = client.get(&path_of(name)).await?;
    if reach.json {
        let mut document = status;
        document["waits_until"] = progress["waits_until"].clone();
        document["waits_for"] = progress["waits_for"].clone();
        print_json(&document);
    } else {
        print_status(&status);
        match (progress["waits_until"].as_str(), progress["waits_for"].as_str()) {
            (Some(at), _) => println!("Nothing more is due before {at}."),
            (None, Some(what)) => println!("It waits for: {what}."),
            (None, None) => {}
        }
    }
    let failed = progress["failed"].as_i64().unwrap_or(0);
    Ok(if failed > 0 { exit::IN_PART } else { exit::DONE })
}
