//! How the program's own loops are, in this process, and what waits in the database.

use std::collections::BTreeMap;
use std::sync::Mutex;

use orglink_domain::clock::Timestamp;
use orglink_policy::Action;
use orglink_store::{Db, event, link};

use crate::outbox::{MailCounts, count_mails};
use crate::{App, Error, Principal};

/// What the loops of this process report of themselves.
#[derive(Default)]
pub struct Loops(Mutex<BTreeMap<&'static str, LoopHealth>>);

/// How one loop is.
#[derive(Debug, Clone, Default)]
pub struct LoopHealth {
    pub runs: u64,
    pub failures: u64,
    pub last_success: Option<Timestamp>,
    pub last_failure: Option<Timestamp>,
    /// What the last failure said.
    pub last_error: Option<String>,
    /// How long the last run took.
    pub last_micros: u64,
}

impl LoopHealth {
    /// The last run was good.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.last_failure.is_none() || self.last_success > self.last_failure
    }
}

impl Loops {
    /// Notes how a run of a loop ended.
    pub fn note(&self, name: &'static str, at: Timestamp, micros: u64, outcome: &Result<(), Error>) {
        let Ok(mut loops) = self.0.lock() else { return };
        let health = loops.entry(name).or_default();
        health.runs += 1;
        health.last_micros = micros;
        match outcome {
            Ok(()) => health.last_success = Some(at),
            Err(e) => {
                health.failures += 1;
                health.last_failure = Some(at);
                health.last_error = Some(e.to_string());
            }
        }
    }

    fn all(&self) -> BTreeMap<&'static str, LoopHealth> {
        self.0.lock().map(|loops| loops.clone()).unwrap_or_default()
    }
}

/// What waits, and since when.
#[derive(Debug, Clone, Copy)]
pub struct Lag {
    pub count: i64,
    pub oldest: Option<Timestamp>,
}

/// The health of an installation, as this process sees it.
#[derive(Debug, Clone)]
pub struct HealthView {
    pub at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    pub schema: i64,
    /// The loops of this process; empty where none run (a command).
    pub loops: BTreeMap<&'static str, LoopHealth>,
    /// Events without a position yet, of all processes.
    pub events: Lag,
    /// Links whose access was not compared yet.
    pub links: Lag,
    /// What is in the outbox, of all processes.
    pub mails: MailCounts,
}

/// Looks at the health of the installation.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn view_health(app: &App, principal: &Principal) -> Result<HealthView, Error> {
    app.require(Action::ExploreWorkspaces, principal.standing())?;
    let mails = count_mails(app).await?;
    let mut tx = app.db.begin_read().await?;
    let (pending, pending_since) = event::count_pending(&mut tx).await?;
    let (unchecked, unchecked_since) = link::count_unchecked(&mut tx).await?;
    Ok(HealthView {
        at: app.now(),
        database: app.db.kind(),
        schema: Db::known_schema(),
        loops: app.loops.all(),
        events: Lag { count: pending, oldest: pending_since },
        links: Lag { count: unchecked, oldest: unchecked_since },
        mails,
    })
}
