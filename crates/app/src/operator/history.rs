//! How many workspaces were linked, could be, and could not, day by day: kept by a loop, drawn on the dashboard.

use std::collections::BTreeMap;

use orglink_domain::clock::Zone;
use orglink_domain::day::Day;
use orglink_domain::eligibility::ReasonCode;
use orglink_policy::Action;
use orglink_store::{explorer, in_write};

use super::explore_workspaces::harmless;
use crate::{App, Error, Principal};

/// Days shown.
const SHOWN: i64 = 400;

/// What was counted on a day (UTC).
#[derive(Debug, Clone)]
pub struct DayCounts {
    pub day: Day,
    pub all: i64,
    pub linked: i64,
    /// A person could link them.
    pub eligible: i64,
    pub by_reason: BTreeMap<ReasonCode, i64>,
    /// By kind and plan, in words: `team`, `standard`.
    pub cohorts: BTreeMap<(String, String), CohortCounts>,
}

/// Workspaces of one kind and plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CohortCounts {
    pub all: i64,
    pub linked: i64,
    /// A person could link them.
    pub eligible: i64,
}

/// Keeps what there is today; the last of a day stays.
///
/// # Errors
/// When the database is not reachable.
pub async fn keep_history(app: &App) -> Result<(), Error> {
    let Some(today) = Day::at(app.now(), &Zone::default()) else { return Ok(()) };
    let mut tx = app.db.begin_read().await?;
    let counts = explorer::count(&mut tx, &harmless(app)).await?;
    let cohorts = explorer::count_cohorts(&mut tx, &harmless(app)).await?;
    tx.give_back_memory().await?;
    drop(tx);
    let (counts, cohorts) = (&counts, &cohorts);
    in_write!(app.db, tx, { explorer::save_counts(tx, today.number(), counts, cohorts).await.map_err(Error::from) })
}

/// The days there are, the oldest first.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn list_history(app: &App, principal: &Principal) -> Result<Vec<DayCounts>, Error> {
    app.require(Action::ExploreWorkspaces, principal.standing())?;
    let since = Day::at(app.now(), &Zone::default()).and_then(|day| day.plus(-SHOWN)).unwrap_or(Day::FIRST);
    let mut tx = app.db.begin_read().await?;
    let mut days: BTreeMap<i64, DayCounts> = BTreeMap::new();
    for (number, what, count) in explorer::list_counts(&mut tx, since.number()).await? {
        let Some(day) = Day::numbered(number) else { continue };
        let empty =
            DayCounts { day, all: 0, linked: 0, eligible: 0, by_reason: BTreeMap::new(), cohorts: BTreeMap::new() };
        let counts = days.entry(number).or_insert(empty);
        match what.as_str() {
            "all" => counts.all = count,
            "eligible" => counts.eligible = count,
            linked if linked == ReasonCode::AlreadyLinked.as_str() => counts.linked = count,
            _ => match what.split('/').collect::<Vec<_>>().as_slice() {
                [kind, plan, part] => {
                    let cohort = counts.cohorts.entry(((*kind).to_owned(), (*plan).to_owned())).or_default();
                    match *part {
                        "all" => cohort.all = count,
                        "linked" => cohort.linked = count,
                        _ => cohort.eligible = count,
                    }
                }
                _ => {
                    if let Ok(code) = what.parse() {
                        counts.by_reason.insert(code, count);
                    }
                }
            },
        }
    }
    Ok(days.into_values().collect())
}
