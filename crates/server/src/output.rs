//! What commands print: one JSON document for scripts, sentences and tables for people.

use std::io::{IsTerminal as _, Write as _};

use orglink_http::{Problem, ProblemInput, ProblemReason};
use serde_json::{Value, json};

use crate::exit;

/// How a command ends: what it prints, and its exit code.
pub type Outcome = Result<u8, Failed>;

/// How a command fails.
pub enum Failed {
    /// A rule, the input or the server said no.
    Problem(Box<Problem>),
    /// The command cannot be understood as it was given.
    Usage(String),
    /// The database or the server cannot be reached.
    Unreachable(String),
    /// Anything else.
    Other(anyhow::Error),
}

impl Failed {
    /// Whoever read what was printed has seen enough (`| head`), which is no error. `println!` says so by a panic: [`crate::run`].
    pub fn is_unread(&self) -> bool {
        let Self::Other(e) = self else { return false };
        e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl From<anyhow::Error> for Failed {
    fn from(e: anyhow::Error) -> Self {
        match e.downcast::<orglink_store::StoreError>() {
            Ok(e) => e.into(),
            Err(e) => Self::Other(e),
        }
    }
}

impl From<orglink_store::StoreError> for Failed {
    fn from(e: orglink_store::StoreError) -> Self {
        if e.is_unavailable() { Self::Unreachable(e.to_string()) } else { Self::Other(e.into()) }
    }
}

impl From<orglink_app::Error> for Failed {
    fn from(e: orglink_app::Error) -> Self {
        match e {
            orglink_app::Error::Store(e) => e.into(),
            e => Self::Problem(Box::new(Problem::of(&e))),
        }
    }
}

impl From<orglink_client::Error> for Failed {
    fn from(e: orglink_client::Error) -> Self {
        use orglink_client::Error;
        match e {
            Error::Problem(problem) => Self::Problem(Box::new(problem_of(*problem))),
            Error::Unreachable(text) => Self::Unreachable(text),
            Error::Invalid(text) => Self::Usage(text),
            e => Self::Other(e.into()),
        }
    }
}

/// What a server said no with, as if it had been said here.
fn problem_of(said: orglink_client::Problem) -> Problem {
    let reason = |r: orglink_client::ProblemReason| ProblemReason {
        code: r.code,
        detail: r.detail,
        remedy: r.remedy,
        who: r.who,
    };
    let input = |e: orglink_client::InputError| ProblemInput {
        file: e.file,
        line: e.line,
        column: e.column,
        field: e.field,
        detail: e.detail,
    };
    Problem {
        kind: said.kind,
        status: said.status,
        code: said.code,
        title: said.title,
        detail: said.detail,
        reasons: said.reasons.into_iter().map(reason).collect(),
        errors: said.errors.into_iter().map(input).collect(),
        differences: said.differences,
        request_id: said.request_id,
    }
}

impl From<std::io::Error> for Failed {
    fn from(e: std::io::Error) -> Self {
        Self::Other(e.into())
    }
}

/// Prints one JSON document on standard output.
pub fn print_json(value: &Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    // A reader that went away wants nothing more.
    let _ = writeln!(out, "{text}");
}

/// Prints how a command failed; the exit code.
pub fn print_failure(failed: &Failed, wants_json: bool) -> u8 {
    match failed {
        Failed::Problem(problem) => {
            if wants_json {
                print_json(&document_of(problem));
            }
            print_problem(problem);
            exit::code_of(problem)
        }
        Failed::Usage(text) => {
            eprintln!("orglink: {text}");
            exit::USAGE
        }
        Failed::Unreachable(text) => {
            eprintln!("orglink: {text}");
            exit::UNREACHABLE
        }
        Failed::Other(e) => {
            eprintln!("orglink: {e:#}");
            if wants_json {
                print_json(
                    &json!({ "code": "error", "title": "This did not work", "detail": format!("{e:#}"), "reasons": [] }),
                );
            }
            exit::OTHER
        }
    }
}

/// The shapes that scripts rely on: a refusal, or bad input.
fn document_of(problem: &Problem) -> Value {
    if problem.code == "bad_input" {
        return json!({ "code": problem.code, "errors": problem.errors });
    }
    let mut document = json!({
        "code": problem.code, "title": problem.title, "detail": problem.detail, "reasons": problem.reasons,
    });
    if let (false, Some(map)) = (problem.differences.is_empty(), document.as_object_mut()) {
        map.insert("differences".into(), json!(problem.differences));
    }
    document
}

fn print_problem(problem: &Problem) {
    if problem.code == "bad_input" {
        for e in &problem.errors {
            let place: Vec<String> =
                [e.file.clone(), e.line.map(|n| n.to_string()), e.column.map(|n| n.to_string()), e.field.clone()]
                    .into_iter()
                    .flatten()
                    .collect();
            eprintln!("{}{}{}", place.join(":"), if place.is_empty() { "" } else { ": " }, e.detail);
        }
        return;
    }
    eprintln!("orglink: {} ({})", problem.detail, problem.code);
    for reason in &problem.reasons {
        if reason.detail != problem.detail {
            eprintln!("  - {} ({})", reason.detail, reason.code);
        }
        if let Some(remedy) = &reason.remedy {
            eprintln!("    {remedy}");
        }
    }
}

/// Prints a table for people: a heading, then rows, in columns as wide as they need to be.
pub fn print_table(headings: &[&str], rows: &[Vec<String>]) {
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(i, heading)| {
            let cells = rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.chars().count());
            cells.chain([heading.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", line(headings.to_vec()));
    for row in rows {
        let _ = writeln!(out, "{}", line(row.iter().map(String::as_str).collect()));
    }
}

/// Whether a bar makes sense: somebody is watching.
#[must_use]
pub fn somebody_watches() -> bool {
    std::io::stderr().is_terminal()
}
