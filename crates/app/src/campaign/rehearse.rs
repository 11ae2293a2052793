//! Rehearses: the whole outcome for a moment to come, decided by the same function into the same table. Nothing else changes.

use orglink_domain::campaign::{RunKind, Told};
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_store::{campaign, in_write};

use super::decide::{decide_all, new_run};
use super::load;
use super::report::RunView;
use super::tell::calendar_of;
use crate::{App, Error, Principal};

/// Rehearsals are kept for so long.
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;
/// What nobody has touched for so long was killed.
const IDLE_SECONDS: i64 = 60 * 60;
/// Decisions taken away together.
const DELETED: i64 = 2000;

/// What would happen on a day (without one: on the day of automatic linking, or now when that is past), as things are now.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator; a day that is past.
pub async fn rehearse_campaign(
    app: &App,
    principal: &Principal,
    name: &str,
    on: Option<Day>,
) -> Result<RunView, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = load(app, &mut tx, principal, name).await?;
    drop(tx);
    let calendar = calendar_of(&found.definition)?;
    let now = app.now();
    let on_at = match on {
        None => calendar.automatic_at.max(now),
        Some(day) => {
            let start = day.starts_in(&calendar.zone).ok_or_else(|| Error::field("on", "is out of range"))?;
            let end = day.plus(1).and_then(|next| next.starts_in(&calendar.zone)).unwrap_or(start);
            if end <= now {
                return Err(Error::field("on", format!("{day} is past; a rehearsal is of today or of a day to come")));
            }
            start.max(now)
        }
    };
    let run = new_run(app, &found, RunKind::Rehearsal, now, on_at);
    let run = decide_all(app, &found, run).await?;
    let mut tx = app.db.begin_read().await?;
    RunView::of(&mut tx, run).await
}

impl RunView {
    /// What people will have been told by the moment of a rehearsal, and when.
    #[must_use]
    pub fn tellings(&self) -> Vec<(String, Timestamp)> {
        let Ok(calendar) = self.run.definition.check() else { return Vec::new() };
        let is_due = |at: &Timestamp| *at <= self.run.on_at && *at >= self.run.created_at;
        calendar
            .tellings
            .iter()
            .filter(|t| is_due(&t.at) || t.told == Told::Announcement)
            .map(|t| (super::tell::told_words(t.told), t.at))
            .collect()
    }
}

/// Forgets old rehearsals and what killed attempts have left.
///
/// # Errors
/// When the database is not reachable.
pub async fn forget_runs(app: &App) -> Result<(), Error> {
    let now = app.now();
    let (idle, old) = (now.plus_seconds(-IDLE_SECONDS), now.plus_seconds(-KEPT_SECONDS));
    let mut tx = app.db.begin_read().await?;
    let abandoned = campaign::list_abandoned(&mut tx, idle, old).await?;
    drop(tx);
    for run in abandoned {
        loop {
            let gone = in_write!(app.db, tx, {
                let gone = campaign::delete_decisions(tx, run.id, DELETED).await?;
                if gone == 0 {
                    campaign::delete_run(tx, run.id).await?;
                }
                Ok::<u64, Error>(gone)
            })?;
            if gone == 0 {
                break;
            }
        }
    }
    Ok(())
}
