//! What commands that change things share: asking whether somebody means it, and which version they have seen.

use std::io::{BufRead as _, IsTerminal as _};

use axum::http::StatusCode;
use orglink_http::{Problem, ProblemReason};
use serde_json::Value;

use super::text;
use crate::client::Seen;
use crate::output::Failed;

/// Asks on the terminal.
pub fn confirm(question: &str) -> Result<bool, Failed> {
    // Standard output is for what scripts read.
    eprint!("{question} [y/N] ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// `--yes`
#[derive(Debug, clap::Args)]
pub struct Sure {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl Sure {
    /// As somebody has said.
    pub const fn of(yes: bool) -> Self {
        Self { yes }
    }

    /// Whether somebody has said so beforehand.
    pub const fn is_given(&self) -> bool {
        self.yes
    }

    /// Whether somebody means it.
    ///
    /// # Errors
    /// A usage error when nobody is there to ask.
    pub fn confirms(&self, question: &str) -> Result<bool, Failed> {
        if self.yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() {
            return Err(Failed::Usage("nobody is there to ask: give --yes if you mean it".to_owned()));
        }
        let meant = confirm(question)?;
        if !meant {
            eprintln!("Nothing was changed.");
        }
        Ok(meant)
    }
}

/// `--if-version N`
#[derive(Debug, clap::Args)]
pub struct IfVersion {
    /// Only if it is still at this version (its ETag); otherwise whichever it is now
    #[arg(long, value_name = "N")]
    if_version: Option<i64>,
}

impl IfVersion {
    pub const fn of<'a>(&self, path: &'a str) -> Seen<'a> {
        Seen { of: path, if_version: self.if_version }
    }
}

/// Says what a deletion would mean, on standard error, and asks whether it is meant. What stands in its way is refused
/// without a question.
pub fn confirms_deletion(sure: &Sure, what: &str, deletion: &Value) -> Result<bool, Failed> {
    eprintln!("Deleting {what} would take with it:");
    for (field, value) in deletion.as_object().into_iter().flatten() {
        if value.as_i64().is_some_and(|n| n > 0) || value.as_bool() == Some(true) {
            eprintln!("  {:<20} {}", field.replace('_', " "), text(deletion, field));
        }
    }
    let blockers = deletion.get("blockers").cloned().unwrap_or_default();
    let reasons: Vec<ProblemReason> = serde_json::from_value(blockers).unwrap_or_default();
    if let Some(first) = reasons.first() {
        let problem = Problem::new(StatusCode::CONFLICT, &first.code, "It cannot be deleted now", first.detail.clone());
        return Err(Failed::Problem(Box::new(Problem { reasons, ..problem })));
    }
    sure.confirms(&format!("Delete {what}? There is no way back."))
}
