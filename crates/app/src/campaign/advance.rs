//! Makes campaigns go on: the next piece of what is due. The loop does it for all of them, `campaign run` for one until nothing is
//! due any more; both at once, or on several replicas, come to the same.

use std::time::{Duration, Instant};

use orglink_domain::campaign::{Calendar, Campaign, CampaignState, CampaignStep, RunKind};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::Actor;
use orglink_store::campaign::{self, Run};
use orglink_store::{IsRetryable as _, Tx, in_write, installation};

use super::apply::{Batch, apply_batch};
use super::decide::{decide_all, is_stale, new_run};
use super::step::take;
use super::tell::{calendar_of, due_telling, tell_page};
use super::{load, report::Counts};
use crate::{App, Error, Principal};

/// An attempt to decide that somebody worked on so recently is left to them.
const BUSY_SECONDS: i64 = 3;
/// How often whoever watches a run has it counted: of a million that takes as long as a batch.
const LOOK: Duration = Duration::from_secs(1);

/// What was done, and what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub state: CampaignState,
    /// Something was done; there may be more to do at once.
    pub did: bool,
    /// Nothing is due before.
    pub waits_until: Option<Timestamp>,
    /// Why nothing is done, when that is not a matter of time.
    pub waits_for: Option<&'static str>,
    pub to_link: i64,
    /// Of them, linked or settled otherwise.
    pub settled: i64,
    pub failed: i64,
}

/// How far a run is, for whoever only watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    pub state: CampaignState,
    pub to_link: i64,
    /// Of them, linked or settled otherwise.
    pub settled: i64,
    pub failed: i64,
}

impl Progress {
    fn of(state: CampaignState, did: bool) -> Self {
        Self { state, did, waits_until: None, waits_for: None, to_link: 0, settled: 0, failed: 0 }
    }

    fn until(state: CampaignState, at: Timestamp) -> Self {
        Self { waits_until: Some(at), ..Self::of(state, false) }
    }

    fn waits(state: CampaignState, what: &'static str) -> Self {
        Self { waits_for: Some(what), ..Self::of(state, false) }
    }
}

/// One step for every campaign that is not over: what the loop does; whether anything was done.
///
/// # Errors
/// When the database is not reachable.
pub async fn advance_campaigns(app: &App) -> Result<bool, Error> {
    let mut tx = app.db.begin_read().await?;
    let alive = campaign::list_alive(&mut tx).await?;
    drop(tx);
    let mut did = false;
    for each in alive {
        did |= advance(app, &each).await?.did;
    }
    Ok(did)
}

/// Some steps of one campaign, for an operator who watches: until there are new figures to look at.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator.
pub async fn advance_campaign(app: &App, principal: &Principal, name: &str) -> Result<Progress, Error> {
    let began = Instant::now();
    loop {
        let mut tx = app.db.begin_read().await?;
        let found = load(app, &mut tx, principal, name).await?;
        drop(tx);
        let progress = advance(app, &found).await?;
        if progress.did && progress.state == found.state && began.elapsed() < LOOK {
            continue;
        }
        let mut tx = app.db.begin_read().await?;
        let Reached { to_link, settled, failed, .. } = reached(&mut tx, &found).await?;
        return Ok(Progress { to_link, settled, failed, ..progress });
    }
}

/// How far a campaign is; nothing is done by it.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator.
pub async fn view_progress(app: &App, principal: &Principal, name: &str) -> Result<Reached, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = load(app, &mut tx, principal, name).await?;
    reached(&mut tx, &found).await
}

/// Counted by what waits and what failed, which have an index of their own.
async fn reached(tx: &mut Tx, of: &Campaign) -> Result<Reached, Error> {
    let mut reached = Reached { state: of.state, to_link: 0, settled: 0, failed: 0 };
    if let Some(run) = campaign::find_real_run(tx, of.id).await? {
        reached.to_link = Counts::kept(&run).map_or(0, |counts| counts.to_link());
        reached.settled = reached.to_link - campaign::count_waiting(tx, run.id).await?;
        reached.failed = campaign::count_failed(tx, run.id).await?;
    }
    Ok(reached)
}

/// Has a campaign run: announces a draft whose day has come, and does some of what is due.
///
/// # Errors
/// `notice_not_given` when the day of automatic linking has come and nobody can have been told long enough before: then
/// nothing is done. `campaign_not_now` for what is over, or a draft whose day has not come.
pub async fn run_campaign(app: &App, principal: &Principal, name: &str) -> Result<Progress, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = load(app, &mut tx, principal, name).await?;
    let calendar = calendar_of(&found.definition)?;
    require_notice(app, &mut tx, &found, &calendar).await?;
    drop(tx);
    if found.state == CampaignState::Draft {
        if calendar.announce_at > app.now() {
            return Err(Error::refused(
                "campaign_not_now",
                "Nothing is due yet",
                format!(
                    "It is a draft, to be announced on {}. Announce it, and it begins by itself.",
                    found.definition.announce_on
                ),
            ));
        }
        let actor = principal.actor();
        in_write!(app.db, tx, {
            match campaign::find(tx, found.id).await? {
                Some(now) if now.state == CampaignState::Draft => {
                    take(app, tx, actor, now, CampaignStep::Announce, None).await.map(|_| ())
                }
                // Another runner was faster.
                Some(_) => Ok(()),
                None => Err(Error::Stale),
            }
        })?;
    }
    advance_campaign(app, principal, name).await
}

/// Refuses a run that would link people who were not told in time.
async fn require_notice(app: &App, tx: &mut Tx, of: &Campaign, calendar: &Calendar) -> Result<(), Error> {
    let notice = of.definition.automatic.minimum_notice;
    let now = app.now();
    if notice.is_none() || now < calendar.automatic_at || of.state.is_over() || of.state == CampaignState::Linking {
        return Ok(());
    }
    let told = match calendar.announcement(now) {
        Some(announcement) => campaign::find_telling(tx, of.id, announcement).await?.map(|told| told.began_at),
        None => None,
    };
    let from = told.unwrap_or(now).plus_seconds(notice.as_seconds());
    if told.is_some_and(|_| from <= now) {
        return Ok(());
    }
    Err(Error::refused(
        "notice_not_given",
        "Nobody was told in time",
        format!(
            "Everybody must be told at least {} before anything is linked by itself ({}). Choose later dates, or a shorter minimum_notice. Nothing was done.",
            notice.to_words(),
            told.map_or_else(|| "nobody was told yet".to_owned(), |at| format!("the announcement began at {at}")),
        ),
    ))
}

async fn advance(app: &App, of: &Campaign) -> Result<Progress, Error> {
    match advance_once(app, of).await {
        // Somebody else did something about it at the same moment: look again.
        Err(e) if is_stale(&e) && !matches!(&e, Error::Store(s) if !s.is_retryable()) => {
            Ok(Progress::of(of.state, true))
        }
        done => done,
    }
}

async fn advance_once(app: &App, of: &Campaign) -> Result<Progress, Error> {
    let (calendar, now) = (calendar_of(&of.definition)?, app.now());
    match of.state {
        CampaignState::Draft => Ok(Progress::waits(of.state, "announcement")),
        CampaignState::Paused => Ok(Progress::waits(of.state, "resume")),
        CampaignState::Done | CampaignState::Cancelled => Ok(Progress::of(of.state, false)),
        CampaignState::Announced if calendar.announce_at <= now => step(app, of, CampaignStep::Open).await,
        CampaignState::Announced => Ok(Progress::until(of.state, calendar.announce_at)),
        CampaignState::Open => {
            let mut tx = app.db.begin_read().await?;
            let due = due_telling(app, &mut tx, of, &calendar).await?;
            drop(tx);
            if let Some((telling, so_far)) = due {
                tell_page(app, of, &calendar, telling, so_far).await?;
                return Ok(Progress::of(of.state, true));
            }
            if calendar.closes_at <= now {
                return step(app, of, CampaignStep::Close).await;
            }
            let next = calendar.next(now).map_or(calendar.closes_at, |telling| telling.at);
            Ok(Progress::until(of.state, next.min(calendar.closes_at)))
        }
        CampaignState::Closing => decide(app, of, &calendar, now).await,
        CampaignState::Linking => link(app, of, now).await,
    }
}

async fn step(app: &App, of: &Campaign, step: CampaignStep) -> Result<Progress, Error> {
    let after = in_write!(app.db, tx, {
        match campaign::find(tx, of.id).await? {
            Some(now) if now.version == of.version => take(app, tx, Actor::SYSTEM, now, step, None).await,
            _ => Err(Error::Stale),
        }
    })?;
    Ok(Progress::of(after.state, true))
}

/// Decides once everybody was told long enough ago and the day has come; then linking begins.
async fn decide(app: &App, of: &Campaign, calendar: &Calendar, now: Timestamp) -> Result<Progress, Error> {
    let mut tx = app.db.begin_read().await?;
    let announced = match calendar.announcement(now) {
        Some(announcement) => campaign::find_telling(&mut tx, of.id, announcement).await?,
        None => None,
    };
    let notice = of.definition.automatic.minimum_notice.as_seconds();
    let told_enough = announced.map_or(now, |told| told.began_at).plus_seconds(notice);
    let from = calendar.automatic_at.max(told_enough);
    if from > now {
        return Ok(Progress::until(of.state, from));
    }
    if campaign::find_real_run(&mut tx, of.id).await?.is_some() {
        drop(tx);
        return step(app, of, CampaignStep::Link).await;
    }
    let busy = campaign::find_newest_attempt(&mut tx, of.id).await?.map(|attempt| attempt.touched_at);
    drop(tx);
    if let Some(until) = busy.map(|at| at.plus_seconds(BUSY_SECONDS)).filter(|until| *until > now) {
        return Ok(Progress { waits_for: Some("another_runner"), ..Progress::until(of.state, until) });
    }
    decide_all(app, of, new_run(app, of, RunKind::Attempt, now, now)).await?;
    Ok(Progress::of(of.state, true))
}

async fn link(app: &App, of: &Campaign, now: Timestamp) -> Result<Progress, Error> {
    let mut tx = app.db.begin_read().await?;
    let Some(run) = campaign::find_real_run(&mut tx, of.id).await? else {
        return Err(Error::broken("a campaign links without a run"));
    };
    let failed = campaign::count_new_failures(&mut tx, run.id).await?;
    let postponed = campaign::find_next_postponement(&mut tx, run.id, of.id).await?;
    let is_frozen = installation::find_freeze(&mut tx).await?.is_frozen;
    drop(tx);
    if is_frozen {
        return Ok(Progress::waits(of.state, "freeze"));
    }
    if failed > i64::from(run.definition.waves.error_budget) {
        let why = format!("{failed} workspaces could not be linked, more than the error budget allows.");
        let after = in_write!(app.db, tx, {
            match campaign::find(tx, of.id).await? {
                Some(now) if now.state == CampaignState::Linking => {
                    take(app, tx, Actor::SYSTEM, now, CampaignStep::Pause, Some(&why)).await
                }
                _ => Err(Error::Stale),
            }
        })?;
        return Ok(Progress::of(after.state, true));
    }
    if run.began_at.is_none() {
        change_run(app, Run { began_at: Some(now), touched_at: now, ..run }).await?;
        return Ok(Progress::of(of.state, true));
    }
    match apply_batch(app, of, &run).await? {
        Batch::Done => Ok(Progress::of(of.state, true)),
        Batch::Until(at) => Ok(Progress::until(of.state, at)),
        Batch::Frozen => Ok(Progress::waits(of.state, "freeze")),
        // Whoever asked for more time has it until then; the run goes on for them.
        Batch::Empty if postponed.is_some_and(|until| until > now) => {
            Ok(Progress { waits_until: postponed, ..Progress::of(of.state, false) })
        }
        Batch::Empty if postponed.is_some() => {
            let (run, this) = (&run, of.id);
            in_write!(app.db, tx, {
                if !campaign::take_batch(tx, run, now).await? {
                    return Err(Error::Stale);
                }
                campaign::wake_postponed(tx, run.id, this, now).await.map_err(Error::from)
            })?;
            Ok(Progress::of(of.state, true))
        }
        Batch::Empty => {
            if run.ended_at.is_none() {
                change_run(app, Run { ended_at: Some(now), touched_at: now, ..run }).await?;
            }
            step(app, of, CampaignStep::Finish).await
        }
    }
}

async fn change_run(app: &App, run: Run) -> Result<(), Error> {
    let run = &run;
    in_write!(app.db, tx, {
        if campaign::change_run(tx, run).await? { Ok::<(), Error>(()) } else { Err(Error::Stale) }
    })
}
