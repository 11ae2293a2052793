//! What `orglink links` tells people.

use serde_json::Value;

use super::super::text;
use crate::output::print_table;

/// A row a workspace, then every warning once.
pub fn print_plans(plans: &[Value]) {
    let rows: Vec<Vec<String>> = plans
        .iter()
        .flat_map(|plan| rows_of(plan).iter().map(move |row| (text(plan, "organization"), row)))
        .map(|(organization, row)| vec![text(row, "workspace"), organization, words(row, "state"), why(row)])
        .collect();
    print_table(&["workspace", "organization", "state", "why"], &rows);
}

/// The rows of a plan or of an answer.
pub fn rows_of(document: &Value) -> &[Value] {
    document["rows"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A state or a result, as words.
fn words(row: &Value, field: &str) -> String {
    text(row, field).replace('_', " ")
}

/// Why a row of a plan stands as it does, and what would help.
fn why(row: &Value) -> String {
    match row["state"].as_str() {
        Some("ready") => row["warnings"].as_array().map(|w| format!("{} warnings", w.len())).unwrap_or_default(),
        Some("already_linked") => format!("since {}", text(&row["linked"], "linked_at")),
        Some("linked_elsewhere") => {
            let at = text(&row["linked"], "linked_at");
            match row["linked"]["organization_name"].as_str() {
                Some(name) => format!("to {name}, since {at}; nothing here moves it"),
                None => format!("to another organization, since {at}; nothing here moves it"),
            }
        }
        _ => reasons(&row["reasons"]),
    }
}

/// Every reason with its remedy, in one line.
pub fn reasons(of: &Value) -> String {
    let reason = |r: &Value| format!("{} {}", text(r, "detail"), text(r, "remedy")).trim().to_owned();
    of.as_array().into_iter().flatten().map(reason).collect::<Vec<_>>().join(" ")
}

/// What came of a row, in one line.
pub fn print_result(row: &Value) {
    let (workspace, organization) = (text(row, "workspace"), text(row, "organization"));
    match row["result"].as_str() {
        Some("linked") => println!("{workspace}: linked to {organization}"),
        Some("already_linked") => println!("{workspace}: is linked to {organization} already"),
        Some("not_tried") => println!("{workspace}: not tried; run it again to go on"),
        _ => {
            let problem = &row["problem"];
            println!(
                "{workspace}: not linked to {organization} ({}): {}",
                text(problem, "code"),
                text(problem, "detail")
            );
            for reason in problem["reasons"].as_array().into_iter().flatten() {
                let detail = if reason["detail"] == problem["detail"] { String::new() } else { text(reason, "detail") };
                let line = format!("{detail} {}", text(reason, "remedy"));
                if !line.trim().is_empty() {
                    println!("    {}", line.trim());
                }
            }
        }
    }
}
