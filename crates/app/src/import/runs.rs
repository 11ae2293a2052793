//! The imports of this process: which run, how far they are, how the last ones ended.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use orglink_domain::clock::Timestamp;

use super::{ImportProgress, ImportReport};
use crate::{Error, InputError};

/// An import that runs in this process, or did.
#[derive(Debug, Clone)]
pub struct ImportRun {
    /// Counts up within the process.
    pub number: u64,
    /// As the sender named it.
    pub name: String,
    /// Whoever sent it.
    pub by: String,
    pub is_dry_run: bool,
    pub started_at: Timestamp,
    pub progress: Arc<ImportProgress>,
    /// None while it runs.
    pub ended: Option<ImportEnd>,
}

/// How an import ended.
#[derive(Debug, Clone)]
pub struct ImportEnd {
    pub at: Timestamp,
    pub outcome: Result<ImportReport, Vec<InputError>>,
}

/// How many ended ones are remembered.
const REMEMBERED: usize = 20;
/// How many errors of one are remembered.
const ERRORS: usize = 200;

/// The imports of this process, newest first.
#[derive(Default)]
pub struct ImportRuns {
    counter: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
    runs: Mutex<VecDeque<ImportRun>>,
}

impl ImportRuns {
    pub(crate) fn begin(
        &self,
        name: String,
        by: String,
        is_dry_run: bool,
        started_at: Timestamp,
        progress: &Arc<ImportProgress>,
    ) -> u64 {
        let number = self.counter.fetch_add(1, Ordering::Relaxed) + 1;
        let progress = Arc::clone(progress);
        if let Ok(mut runs) = self.runs.lock() {
            runs.push_front(ImportRun { number, name, by, is_dry_run, started_at, progress, ended: None });
            while runs.len() > REMEMBERED && runs.back().is_some_and(|r| r.ended.is_some()) {
                runs.pop_back();
            }
        }
        number
    }

    pub(crate) fn end(&self, number: u64, at: Timestamp, outcome: &Result<ImportReport, Error>) {
        let ended = if outcome.is_ok() { &self.done } else { &self.failed };
        ended.fetch_add(1, Ordering::Relaxed);
        let said = |detail: String| InputError { file: None, line: None, column: None, field: None, detail };
        let outcome = match outcome {
            Ok(report) => Ok(report.clone()),
            Err(Error::BadInput(errors)) => Err(errors.iter().take(ERRORS).cloned().collect()),
            Err(e) => Err(vec![said(e.to_string())]),
        };
        if let Ok(mut runs) = self.runs.lock()
            && let Some(run) = runs.iter_mut().find(|r| r.number == number)
        {
            run.ended = Some(ImportEnd { at, outcome });
        }
    }

    /// How many ended well, and how many did not, since the process began.
    #[must_use]
    pub fn count(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }

    /// All that are remembered.
    #[must_use]
    pub fn list(&self) -> Vec<ImportRun> {
        self.runs.lock().map(|runs| runs.iter().cloned().collect()).unwrap_or_default()
    }
}
