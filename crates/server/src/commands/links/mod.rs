//! `orglink links …`: many workspaces at once, as a file declares them.

mod manifest;
mod print;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use orglink_domain::bulk::{MOST_ROWS, RowResult, RowState};
use serde_json::{Value, json};

use self::print::{print_plans, print_result, reasons, rows_of};
use super::ask::confirm;
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json, somebody_watches};

/// How many are linked in one request: the bar moves, and whoever stops it waits for few.
const LINKED_AT_ONCE: usize = 25;

#[derive(Debug, Subcommand)]
pub enum Links {
    /// What would be done, a row a workspace; links nothing (exit code 8 when something would be linked)
    Plan(Named),
    /// Link what is not linked yet; what the file does not name stays as it is
    Apply(Apply),
    /// What of the file holds, a row a workspace (exit code 8 when not all of it does)
    Status(Named),
}

#[derive(Debug, Args)]
pub struct Named {
    /// What is to be linked to what (TOML, see docs/bulk.md); `-` is standard input
    #[arg(long, short, value_name = "FILE")]
    file: String,
}

#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    named: Named,
    /// Do not ask: acknowledges every warning, and records that it did
    #[arg(long)]
    yes: bool,
    /// Acknowledge this warning (once for each)
    #[arg(long, value_name = "CODE")]
    acknowledge: Vec<String>,
}

impl Links {
    pub async fn run(self, reach: &Reach) -> Outcome {
        match self {
            Self::Plan(named) => {
                let (_, plans) = plan(reach, &named).await?;
                let count = count_states(&plans);
                if reach.json {
                    print_json(&json!({ "plans": plans, "counts": count }));
                } else {
                    print_plans(&plans);
                    print_warnings(&plans);
                    print_summary(&count);
                }
                Ok(match (of(&count, RowState::Ready), cannot(&count)) {
                    (0, 0) => exit::DONE,
                    (0, _) => exit::REFUSED,
                    _ => exit::DIFFERS,
                })
            }
            Self::Apply(wanted) => wanted.run(reach).await,
            Self::Status(named) => {
                let (_, plans) = plan(reach, &named).await?;
                let count = count_states(&plans);
                let holds = of(&count, RowState::Ready) + cannot(&count) == 0;
                if reach.json {
                    let rows: Vec<Value> = plans.iter().flat_map(with_organization).collect();
                    print_json(&json!({ "holds": holds, "counts": count, "rows": rows }));
                } else {
                    print_plans(&plans);
                    print_summary(&count);
                }
                Ok(if holds { exit::DONE } else { exit::DIFFERS })
            }
        }
    }
}

impl Apply {
    async fn run(self, reach: &Reach) -> Outcome {
        let decides = self.yes || !self.acknowledge.is_empty();
        // With --json standard output is for a script, which cannot be asked.
        if !decides && (reach.json || !std::io::stdin().is_terminal()) {
            let text = "nobody is there to ask: give --yes, or --acknowledge CODE for each warning, or look first with `orglink links plan`";
            return Err(Failed::Usage(text.to_owned()));
        }
        let (client, plans) = plan(reach, &self.named).await?;
        let ready = of(&count_states(&plans), RowState::Ready);
        let mut done: Vec<Value> = plans.iter().flat_map(with_organization).filter_map(settled).collect();
        let acknowledge = if ready > 0 && !decides { ask(&plans, ready)? } else { self.acknowledge.clone() };
        if !reach.json && (ready == 0 || decides) {
            done.iter().for_each(print_result);
        }
        if ready > 0 {
            let decided = json!({ "acknowledge": acknowledge, "acknowledge_all": self.yes });
            link(reach, &client, &plans, &decided, &mut done).await?;
        }
        let ended = |result: RowResult| done.iter().filter(|row| row["result"] == result.as_str()).count();
        let count: BTreeMap<&str, usize> = RowResult::ALL.iter().map(|r| (r.as_str(), ended(*r))).collect();
        let (linked, already) = (ended(RowResult::Linked), ended(RowResult::AlreadyLinked));
        let left = done.len() - linked - already;
        if reach.json {
            print_json(&json!({ "rows": done, "counts": count }));
        } else {
            println!("{linked} linked, {already} linked before, {left} not linked.");
        }
        Ok(match (left, linked + already) {
            (0, _) => exit::DONE,
            (_, 0) => exit::REFUSED,
            _ => exit::IN_PART,
        })
    }
}

/// Links the rows that are ready, with a line for each and a bar where somebody watches.
async fn link(
    reach: &Reach,
    client: &Client,
    plans: &[Value],
    decided: &Value,
    done: &mut Vec<Value>,
) -> Result<(), Failed> {
    let is_ready = |row: &&Value| row["state"] == RowState::Ready.as_str();
    let ready: u64 = plans.iter().map(|plan| rows_of(plan).iter().filter(is_ready).count() as u64).sum();
    let bar = if somebody_watches() { ProgressBar::new(ready) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    for plan in plans {
        let organization = text(plan, "organization");
        let path = format!("/organizations/{}/links", segment(&organization));
        let rows: Vec<&Value> = rows_of(plan).iter().filter(is_ready).collect();
        for some in rows.chunks(LINKED_AT_ONCE) {
            let sent = |row: &&Value| json!({ "workspace": row["workspace"], "plan_digest": row["plan_digest"] });
            let mut body = decided.clone();
            body["rows"] = some.iter().map(sent).collect();
            let answer = match client.post(&path, &body, None).await {
                Ok(answer) => answer,
                Err(why) => {
                    bar.abandon();
                    eprintln!("orglink: {} of {ready} were tried; run it again to go on", bar.position());
                    return Err(why);
                }
            };
            for row in with_organization(&answer) {
                if !reach.json {
                    bar.suspend(|| print_result(&row));
                }
                done.push(row);
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// Reads the file and has a plan made for every organization in it; of a longer list several.
async fn plan(reach: &Reach, named: &Named) -> Result<(Client, Vec<Value>), Failed> {
    let wanted = manifest::read(&named.file)?;
    let client = Client::open(reach).await?;
    let mut plans = Vec::new();
    for one in &wanted {
        let path = format!("/organizations/{}/link-plans", segment(&one.organization));
        for some in one.workspaces.chunks(MOST_ROWS) {
            let mut answer = client.post(&path, &json!({ "workspaces": some }), None).await?;
            plans.push(answer["plan"].take());
        }
    }
    Ok((client, plans))
}

/// The rows of a plan or an answer, each with the organization that it is about.
fn with_organization(document: &Value) -> Vec<Value> {
    let of = |row: &Value| {
        let mut row = row.clone();
        row["organization"] = document["organization"].clone();
        row
    };
    rows_of(document).iter().map(of).collect()
}

/// What is clear about a row before anything is linked; nothing for one that is ready.
fn settled(mut row: Value) -> Option<Value> {
    let state: RowState = row["state"].as_str()?.parse().ok()?;
    let (workspace, organization) = (row["workspace"].take(), row["organization"].take());
    match state {
        RowState::Ready => None,
        RowState::AlreadyLinked => Some(json!({
            "workspace": workspace, "organization": organization, "result": RowResult::AlreadyLinked,
            "linked_at": row["linked"]["linked_at"],
        })),
        _ => Some(json!({
            "workspace": workspace, "organization": organization, "result": RowResult::Refused,
            "problem": {
                "code": state, "title": state.title(), "detail": reasons(&row["reasons"]), "reasons": row["reasons"],
            },
        })),
    }
}

/// Shows the plan, asks for each warning by its name, and then once more.
fn ask(plans: &[Value], ready: usize) -> Result<Vec<String>, Failed> {
    print_plans(plans);
    let mut acknowledged = Vec::new();
    for (code, (title, detail, rows)) in warnings(plans) {
        println!("\n{title}: {detail} (concerns {rows} of {ready})");
        if !confirm("Do you understand?")? {
            return Err(Failed::Usage("nothing was linked".to_owned()));
        }
        acknowledged.push(code);
    }
    let is_permanent = acknowledged.iter().any(|code| code == "link_is_permanent");
    let forever = if is_permanent { " This cannot be undone." } else { "" };
    if !confirm(&format!("\nLink {ready} workspaces now?{forever}"))? {
        return Err(Failed::Usage("nothing was linked".to_owned()));
    }
    Ok(acknowledged)
}

/// Every warning of the plans by its code: title, detail, and how many rows it concerns.
fn warnings(plans: &[Value]) -> BTreeMap<String, (String, String, u64)> {
    let mut found: BTreeMap<String, (String, String, u64)> = BTreeMap::new();
    for warning in plans.iter().filter_map(|plan| plan["warnings"].as_array()).flatten() {
        let rows = warning["rows"].as_u64().unwrap_or(0);
        let known = found.entry(text(warning, "code"));
        known.or_insert_with(|| (text(warning, "title"), text(warning, "detail"), 0)).2 += rows;
    }
    found
}

fn print_warnings(plans: &[Value]) {
    for (code, (title, detail, rows)) in warnings(plans) {
        println!("! {title} ({code}, {rows} rows): {detail}");
    }
}

fn count_states(plans: &[Value]) -> BTreeMap<&'static str, usize> {
    let stands = |row: &&Value, state: RowState| row["state"] == state.as_str();
    let count = |state: RowState| plans.iter().flat_map(rows_of).filter(|row| stands(row, state)).count();
    RowState::ALL.iter().map(|state| (state.as_str(), count(*state))).collect()
}

fn of(count: &BTreeMap<&'static str, usize>, state: RowState) -> usize {
    count.get(state.as_str()).copied().unwrap_or(0)
}

/// How many rows can come true only by somebody else's doing.
fn cannot(count: &BTreeMap<&'static str, usize>) -> usize {
    count.values().sum::<usize>() - of(count, RowState::Ready) - of(count, RowState::AlreadyLinked)
}

fn print_summary(count: &BTreeMap<&'static str, usize>) {
    let (ready, already) = (of(count, RowState::Ready), of(count, RowState::AlreadyLinked));
    println!("{ready} to link, {already} linked already, {} cannot be linked now.", cannot(count));
}
