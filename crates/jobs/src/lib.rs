//! The clock's way in: loops over what the database says is due. Every step is a use case, safe to kill at any
//! instruction and harmless when several replicas take it at once.

use std::sync::Arc;
use std::time::Duration;

use orglink_app::operator::{self, Measures};
use orglink_app::{
    App, Error, campaign, consent, domain_claim, entitlement, feed, invoice, last_seen, ledger, notify, outbox,
    recovery, sign_in, upkeep, webhook,
};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often a replica looks for what others have written.
const LOOK: Duration = Duration::from_millis(200);

/// The longest that a loop waits before it tries again what failed.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long what goes through everything waits, so that it is in the way of nobody who waits for the server to start.
const AFTER_START: Duration = Duration::from_secs(5);

/// Webhooks that one worker serves before it hears whether it is to stop.
const TURNS: usize = 20;

/// Every loop of this program, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// Gives events their positions and wakes the pages that are open.
    Sequence,
    /// Tells people what happened.
    Notify,
    /// Hands mails over to the mail server.
    Deliver,
    /// Sends the links to sign in that were asked for.
    SignIn,
    /// Compares access after links.
    CheckAccess,
    /// Writes when tokens and sessions were last used.
    LastSeen,
    /// Gives an admin to what nobody could administer, when its time has come.
    Recover,
    /// Ends proposals whose time has passed, or that are of no use any more.
    EndProposals,
    /// Lets campaigns go on.
    Campaign,
    /// Makes the bills that are due.
    Invoice,
    /// Looks whether the records of domains still stand there, and applies the claims of accounts whose date has come.
    Domains,
    /// Confirms what products ask all the time.
    Confirm,
    /// Goes on with the transparency log.
    Ledger,
    /// Notes which webhooks have something to do.
    WakeWebhooks,
    /// Tells webhooks what happened.
    ServeWebhooks,
    /// Forgets what has ended.
    Forget,
    /// Counts for `/metrics`.
    Measure,
}

impl Loop {
    pub const ALL: &[Self] = &[
        Self::Sequence,
        Self::Notify,
        Self::Deliver,
        Self::SignIn,
        Self::CheckAccess,
        Self::LastSeen,
        Self::Recover,
        Self::EndProposals,
        Self::Campaign,
        Self::Invoice,
        Self::Domains,
        Self::Confirm,
        Self::Ledger,
        Self::WakeWebhooks,
        Self::ServeWebhooks,
        Self::Forget,
        Self::Measure,
    ];

    /// As logs and metrics name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
            Self::Notify => "notify",
            Self::Deliver => "deliver",
            Self::SignIn => "sign_in",
            Self::CheckAccess => "check_access",
            Self::LastSeen => "last_seen",
            Self::Recover => "recover",
            Self::EndProposals => "end_proposals",
            Self::Campaign => "campaign",
            Self::Invoice => "invoice",
            Self::Domains => "domains",
            Self::Confirm => "confirm",
            Self::Ledger => "ledger",
            Self::WakeWebhooks => "wake_webhooks",
            Self::ServeWebhooks => "serve_webhooks",
            Self::Forget => "forget",
            Self::Measure => "measure",
        }
    }

    const fn period(self) -> Duration {
        match self {
            Self::Sequence | Self::Notify | Self::Deliver | Self::SignIn | Self::Confirm | Self::WakeWebhooks => LOOK,
            Self::CheckAccess | Self::Campaign | Self::Ledger | Self::ServeWebhooks => Duration::from_secs(1),
            Self::LastSeen | Self::Recover | Self::EndProposals | Self::Invoice | Self::Domains => {
                Duration::from_mins(1)
            }
            Self::Forget => Duration::from_mins(10),
            Self::Measure => Duration::from_secs(15),
        }
    }

    /// When it begins, after the start.
    const fn begins_after(self) -> Duration {
        match self {
            Self::Forget => AFTER_START,
            _ => Duration::ZERO,
        }
    }

    /// How many of it go on beside each other: a receiver that hangs holds up one of them, not the other webhooks.
    const fn workers(self) -> usize {
        match self {
            Self::ServeWebhooks => 16,
            _ => 1,
        }
    }

    /// One step.
    ///
    /// # Errors
    /// When the database is not reachable; the next step tries again.
    pub async fn step(self, app: &App) -> Result<(), Error> {
        match self {
            Self::Sequence => {
                upkeep::sequence_pending(app).await?;
                feed::poll(app).await?;
            }
            Self::Notify => notify::notify_all(app).await?,
            Self::Deliver => {
                outbox::deliver(app).await?;
            }
            Self::SignIn => {
                sign_in::answer_requests(app).await?;
            }
            Self::CheckAccess => {
                upkeep::check_access(app).await?;
            }
            Self::LastSeen => last_seen::flush(app).await?,
            Self::Recover => {
                recovery::apply_due_recoveries(app).await?;
            }
            Self::EndProposals => while consent::expire_due(app).await? > 0 {},
            Self::Confirm => entitlement::confirm_kept(app).await?,
            Self::Campaign => {
                // Everything that is due, unless the program is to end.
                while campaign::advance_campaigns(app).await? {}
                campaign::apply_due_claims(app).await?;
            }
            Self::Invoice => while invoice::issue_due(app).await?.accounts > 0 {},
            Self::Domains => {
                while domain_claim::apply_due(app).await? > 0 {}
                domain_claim::check_due(app).await?;
            }
            Self::Ledger => while ledger::integrate(app).await? > 0 {},
            Self::WakeWebhooks => while webhook::wake(app).await? {},
            Self::ServeWebhooks => {
                for _ in 0..TURNS {
                    if !webhook::serve(app).await? {
                        break;
                    }
                }
            }
            Self::Forget => {
                upkeep::forget(app).await?;
                campaign::forget_runs(app).await?;
                operator::keep_history(app).await?;
                webhook::reseal_secrets(app).await?;
            }
            Self::Measure => record(operator::measure(app).await?),
        }
        Ok(())
    }

    async fn run(self, app: Arc<App>, mut stop: watch::Receiver<bool>) {
        // How often it failed since it last worked.
        let mut failures = 0_u32;
        tokio::select! {
            () = tokio::time::sleep(self.begins_after()) => {}
            _ = stop.changed() => {}
        }
        while !*stop.borrow() {
            let began = std::time::Instant::now();
            let outcome = self.step(&app).await;
            let took = began.elapsed();
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            app.loops.note(self.name(), app.now(), micros, &outcome);
            metrics::histogram!("orglink_loop_seconds", "loop" => self.name()).record(took.as_secs_f64());
            let (healthy, word) = if outcome.is_ok() { (1.0, "done") } else { (0.0, "failed") };
            metrics::gauge!("orglink_loop_healthy", "loop" => self.name()).set(healthy);
            metrics::counter!("orglink_loop_runs_total", "loop" => self.name(), "outcome" => word).increment(1);
            match outcome {
                Ok(()) if failures > 0 => {
                    tracing::info!(r#loop = self.name(), failures, "works again");
                    failures = 0;
                }
                Ok(()) => {}
                Err(e) => {
                    // Said once; the metrics go on saying it.
                    if failures == 0 {
                        tracing::error!(r#loop = self.name(), error = %e, "a step failed; it is tried again until it works");
                    }
                    failures = failures.saturating_add(1);
                }
            }
            let wait = (self.period() * 2_u32.pow(failures.min(10))).min(self.period().max(LONGEST_WAIT));
            let poked = async {
                match self {
                    Self::Sequence => app.feed.poked().await,
                    Self::ServeWebhooks => app.webhooks.poked().await,
                    _ => std::future::pending().await,
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = poked, if failures == 0 => {}
                _ = stop.changed() => {}
            }
        }
        if self == Self::LastSeen
            && let Err(e) = last_seen::flush(&app).await
        {
            tracing::warn!(error = %e, "when things were last used could not be written");
        }
    }
}

/// Hands on what was counted.
fn record(counted: Measures) {
    let gauge = |name: &'static str, value: i64| {
        #[expect(clippy::cast_precision_loss, reason = "gauges are floating-point numbers")]
        metrics::gauge!(name).set(value as f64);
    };
    gauge("orglink_events_pending", counted.events_pending);
    gauge("orglink_links_unchecked", counted.links_unchecked);
    gauge("orglink_links_access_differs", counted.links_differing);
    gauge("orglink_storage_has_room", i64::from(counted.has_room));
    metrics::counter!("orglink_imports_total", "outcome" => "done").absolute(counted.imports_done);
    metrics::counter!("orglink_imports_total", "outcome" => "failed").absolute(counted.imports_failed);
}

/// Starts all loops; they end soon after `stop` says so.
#[must_use]
pub fn start(app: &Arc<App>, stop: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut set = JoinSet::new();
    for each in Loop::ALL.iter().copied().flat_map(|each| std::iter::repeat_n(each, each.workers())) {
        set.spawn(each.run(Arc::clone(app), stop.clone()));
    }
    set
}
