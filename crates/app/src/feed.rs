//! The change feed of this process: which workspaces and organizations something happened to, in the order of
//! positions. One loop polls the database (so that it does not matter which replica, or the CLI, made the
//! change) and wakes whoever listens.

use std::sync::atomic::{AtomicI64, Ordering};

use orglink_domain::id::AccountId;
pub use orglink_store::event::FeedItem;
use orglink_store::{Tx, event, notification};
use tokio::sync::{Notify, broadcast};

use crate::{App, Error, notify};

/// How many changes a slow listener may lag behind before it is told to look again at everything.
const BUFFER: usize = 1024;
const BATCH: i64 = 1000;

/// Where listeners subscribe.
pub struct Feed {
    sender: broadcast::Sender<FeedItem>,
    /// Whose inbox has changed.
    told: broadcast::Sender<AccountId>,
    /// The position up to which inboxes were looked at; negative before the first look.
    told_position: AtomicI64,
    /// Something was written here: no need to wait for the next look.
    poked: Notify,
    /// The position up to which the feed was read; negative before the first look.
    position: AtomicI64,
}

impl Feed {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::channel(BUFFER).0,
            told: broadcast::channel(BUFFER).0,
            told_position: AtomicI64::new(-1),
            poked: Notify::new(),
            position: AtomicI64::new(-1),
        }
    }

    /// Up to where this process has looked: what a page made now already shows.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Relaxed)
    }

    /// Says that something was written, as a hint to look at once.
    pub fn poke(&self) {
        self.poked.notify_one();
    }

    /// Waits for such a hint.
    pub async fn poked(&self) {
        self.poked.notified().await;
    }

    /// Says that somebody's inbox has changed, to the open pages of this process.
    pub fn tell(&self, account: AccountId) {
        // Nobody listening is not an error.
        let _ = self.told.send(account);
    }

    #[must_use]
    pub fn subscribe_told(&self) -> broadcast::Receiver<AccountId> {
        self.told.subscribe()
    }

    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<FeedItem> {
        self.sender.subscribe()
    }
}

/// Reads what was placed since the last time and wakes the listeners; how much it was. The first look only
/// finds out where to begin.
///
/// # Errors
/// When the database is not reachable.
pub async fn poll(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    poll_told(app, &mut tx).await?;
    let position = app.feed.position.load(Ordering::Relaxed);
    if position < 0 {
        let last = event::find_last_position(&mut tx).await?;
        app.feed.position.store(last, Ordering::Relaxed);
        return Ok(0);
    }
    let items = event::list_feed(&mut tx, position, BATCH).await?;
    let count = items.len();
    for item in items {
        app.feed.position.store(item.position, Ordering::Relaxed);
        // Nobody listening is not an error.
        let _ = app.feed.sender.send(item);
    }
    Ok(count)
}

/// Wakes the pages of whoever was told something, by whichever replica.
async fn poll_told(app: &App, tx: &mut Tx) -> Result<(), Error> {
    let now = notification::find_cursor(tx, notify::VIEW).await?;
    let before = app.feed.told_position.swap(now, Ordering::Relaxed);
    if before < 0 || before >= now {
        return Ok(());
    }
    for account in notification::list_told(tx, before, now).await? {
        app.feed.tell(account);
    }
    Ok(())
}

/// What happened after a position, for a listener that comes back.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_since(app: &App, position: i64) -> Result<Vec<FeedItem>, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(event::list_feed(&mut tx, position, BATCH).await?)
}
