//! Campaigns and runs, as a terminal shows them.

use std::io::Write as _;

use orglink_domain::campaign::Purpose;
use serde_json::Value;

use super::{Rows, path_of};
use crate::client::{Client, Reach, segment};
use crate::commands::text;
use crate::output::{Failed, print_json, print_table};

/// Rows that a rehearsal shows without `--all`.
const ROWS: usize = 1000;

/// A run's counts and rows: one JSON document, a line a row, or tables.
pub async fn print_run(
    reach: &Reach,
    client: &Client,
    name: &str,
    run: &Value,
    state: Option<&str>,
    rows: &Rows,
) -> Result<(), Failed> {
    let id = if run["kind"] == "real" { "real".to_owned() } else { text(run, "id") };
    let mut found: Vec<Value> = Vec::new();
    let mut cursor: Option<String> = None;
    let mut is_complete = false;
    while rows.all || rows.ndjson || found.len() < ROWS {
        let mut path = format!("{}/runs/{id}/decisions?limit=1000", path_of(name));
        if let Some(cursor) = &cursor {
            path = format!("{path}&cursor={}", segment(cursor));
        }
        if let Some(state) = state {
            path = format!("{path}&state={}", segment(state));
        }
        let page = client.get(&path).await?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        if rows.ndjson {
            let mut out = std::io::stdout().lock();
            for item in &items {
                // A reader that went away wants nothing more.
                if writeln!(out, "{item}").is_err() {
                    return Ok(());
                }
            }
        } else {
            found.extend(items);
        }
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => {
                is_complete = true;
                break;
            }
        }
    }
    if rows.ndjson {
        return Ok(());
    }
    if reach.json {
        let mut document = run.clone();
        document["rows"] = found.into();
        document["rows_complete"] = is_complete.into();
        print_json(&document);
        return Ok(());
    }
    print_counts(run);
    let columns = ["workspace", "what", "rule", "organization", "why"];
    let table: Vec<Vec<String>> = found
        .iter()
        .map(|row| {
            let organization = match text(row, "organization").as_str() {
                "" if row["rule"].is_null() => String::new(),
                "" => format!("new: {}", text(row, "organization_name")),
                slug => slug.to_owned(),
            };
            vec![text(row, "slug"), text(row, "state"), text(row, "rule"), organization, text(row, "reason")]
        })
        .collect();
    print_table(&columns, &table);
    if !is_complete {
        eprintln!("The first {ROWS} rows; --all prints every one, --ndjson streams them.");
    }
    Ok(())
}

/// What a campaign is for: said of a run, or in what the operator wrote.
fn purpose_of(document: &Value) -> Purpose {
    let word = document["purpose"].as_str().or_else(|| document["definition"]["purpose"].as_str());
    word.and_then(|word| word.parse().ok()).unwrap_or(Purpose::Link)
}

pub fn print_counts(run: &Value) {
    let counts = &run["counts"];
    let (workspaces, to_do) = (&counts["workspaces"], &counts["to_link"]);
    let (of, what) = match purpose_of(run).migrates() {
        None => ("workspaces that are not linked".to_owned(), "are linked by themselves"),
        Some(what) => (format!("linked workspaces whose {what} did not migrate yet"), "migrate"),
    };
    println!("Of {workspaces} {of}, as of {}:", text(run, "on_at"));
    println!("  {to_do:>8}  {what}");
    if counts["new_organizations"] != 0 {
        println!("  {:>8}  new organizations", counts["new_organizations"]);
    }
    for (what, by) in [("rule", "by_rule"), ("left alone", "left_alone")] {
        for (word, count) in counts[by].as_object().into_iter().flatten() {
            println!("  {count:>8}  {what}: {}", word.replace('_', " "));
        }
    }
    println!(
        "  {} messages each time people are told, {} when all is done",
        counts["messages_a_telling"], counts["messages_of_linking"]
    );
}

pub fn print_status(status: &Value) {
    println!("{}: {}", text(status, "name"), text(status, "state"));
    if let Some(reason) = status["reason"].as_str() {
        println!("  {reason}");
    }
    let purpose = purpose_of(status);
    let days =
        [("announce_at", "Announced from"), ("closes_at", purpose.last_day()), ("automatic_at", purpose.from_then())];
    let width = days.iter().map(|(_, what)| what.len()).max().unwrap_or_default();
    for (field, what) in days {
        println!("  {what:<width$}  {}", text(status, field));
    }
    for telling in status["tellings"].as_array().into_iter().flatten() {
        let told = match telling["workspaces"].as_i64() {
            Some(count) => format!("told the admins of {count} workspaces"),
            None if telling["is_missed"] == true => "passed over, never sent late".to_owned(),
            None => format!("due {}", text(telling, "at")),
        };
        println!("  {}: {told}", text(telling, "what"));
    }
    if !status["run"].is_null() {
        let counts = &status["run"]["counts"];
        let of = |what: &str| counts[what].to_string();
        println!(
            "  {} to do: {} done, {} waiting, {} skipped, {} failed, {} undone",
            of("to_link"),
            of("linked"),
            of("waiting"),
            of("skipped"),
            of("failed"),
            of("undone")
        );
    }
}

pub fn print_mails(mails: &Value) {
    for mail in mails.as_array().into_iter().flatten() {
        println!("== {}\nSubject: {}\n\n{}\n", text(mail, "what"), text(mail, "subject"), text(mail, "text"));
    }
}
