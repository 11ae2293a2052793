//! What products ask all the time, kept in memory for as long as it is true.
//!
//! An answer may be old by [`MAX_AGE`] at most, on every replica, whoever made the change: either it was read since, or it
//! was *confirmed* since: a look at the database found no event, placed or still waiting for its place, about the workspace
//! or the organization. Whatever changes what features look at appends such an event in the same transaction. When looks
//! fail or stop, answers grow old and are read again: slower, never wrong.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hashlink::LruCache;
use orglink_domain::digest::Digest;
use orglink_domain::entitlement::{FeatureFacts, SwitchState};
use orglink_domain::event::EventType;
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_store::event;

use crate::sign_in::TokenBearer;
use crate::{App, Error};

/// How old an answer may be; a second is promised.
const MAX_AGE: Duration = Duration::from_millis(800);
/// Looks stop when nobody has asked for so long.
const IDLE: Duration = Duration::from_secs(10);
/// Events of one look; when there are more, everything is forgotten instead.
const LOOK: i64 = 2_000;
const SHARDS: usize = 16;
/// Entries a shard.
const CAPACITY: usize = 16_384;
/// Callers a shard.
const CALLERS: usize = 64;

/// A workspace as a product's question finds it.
#[derive(Debug, Clone)]
pub struct Known {
    pub workspace: WorkspaceId,
    pub slug: String,
    pub organization: Option<OrganizationId>,
    /// With the switches of its organization.
    pub facts: FeatureFacts,
}

/// Something kept, and when it was read (in microseconds of this process).
struct Entry<T> {
    value: Arc<T>,
    read_at: u64,
}

type Shard<K, T> = Mutex<LruCache<K, Entry<T>>>;

/// The memory of one process.
pub struct Kept {
    began: Instant,
    hasher: RandomState,
    workspaces: Vec<Shard<WorkspaceId, Known>>,
    /// What a slug named when it was last looked up; true only while the workspace kept under the id says so too.
    slugs: Vec<Shard<String, WorkspaceId>>,
    switches: Vec<Shard<OrganizationId, Vec<SwitchState>>>,
    callers: Vec<Shard<Digest, TokenBearer>>,
    /// Goes up before anything is forgotten: what was read before must not be kept after.
    generation: AtomicU64,
    confirmed_at: AtomicU64,
    asked_at: AtomicU64,
    /// The position up to which events were looked at.
    position: AtomicU64,
    looking: tokio::sync::Mutex<()>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            hasher: RandomState::new(),
            workspaces: shards(CAPACITY),
            slugs: shards(CAPACITY),
            switches: shards(CAPACITY),
            callers: shards(CALLERS),
            generation: AtomicU64::new(0),
            confirmed_at: AtomicU64::new(0),
            asked_at: AtomicU64::new(0),
            position: AtomicU64::new(0),
            looking: tokio::sync::Mutex::const_new(()),
        }
    }
}

fn shards<K: std::hash::Hash + Eq, T>(capacity: usize) -> Vec<Shard<K, T>> {
    (0..SHARDS).map(|_| Mutex::new(LruCache::new(capacity))).collect()
}

/// The moment before something was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    generation: u64,
    at: u64,
}

impl Kept {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Says that something is about to be read, to be kept.
    pub(super) fn begin_reading(&self) -> Reading {
        Reading { generation: self.generation.load(Ordering::SeqCst), at: self.now() }
    }

    fn shard<'a, K: std::hash::Hash, T>(&self, all: &'a [T], key: &K) -> Option<&'a T> {
        let hash = self.hasher.hash_one(key);
        all.get(usize::try_from(hash % SHARDS as u64).unwrap_or_default())
    }

    fn get<K: std::hash::Hash + Eq, T>(&self, all: &[Shard<K, T>], key: &K) -> Option<Arc<T>> {
        let now = self.now();
        self.asked_at.store(now, Ordering::Relaxed);
        let confirmed = self.confirmed_at.load(Ordering::SeqCst);
        let mut shard = self.shard(all, key)?.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = shard.get(key)?;
        let age = Duration::from_micros(now.saturating_sub(entry.read_at.max(confirmed)));
        (age < MAX_AGE).then(|| Arc::clone(&entry.value))
    }

    /// Keeps what was read, unless something was forgotten since the reading began.
    fn put<K: std::hash::Hash + Eq, T>(&self, all: &[Shard<K, T>], key: K, value: Arc<T>, reading: Reading) {
        let Some(shard) = self.shard(all, &key) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: whoever forgets has raised the generation before taking it.
        if self.generation.load(Ordering::SeqCst) == reading.generation {
            shard.insert(key, Entry { value, read_at: reading.at });
        }
    }

    fn forget<K: std::hash::Hash + Eq, T>(&self, all: &[Shard<K, T>], key: &K) {
        if let Some(shard) = self.shard(all, key) {
            shard.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        }
    }

    pub(super) fn workspace(&self, id: WorkspaceId) -> Option<Arc<Known>> {
        self.get(&self.workspaces, &id)
    }

    /// What a slug names, as far as it still says so itself.
    pub(super) fn workspace_named(&self, folded: &str) -> Option<Arc<Known>> {
        let id = self.get(&self.slugs, &folded.to_owned())?;
        self.workspace(*id).filter(|known| known.slug == folded)
    }

    pub(super) fn keep_workspace(&self, known: Arc<Known>, reading: Reading) {
        self.put(&self.slugs, known.slug.clone(), Arc::new(known.workspace), reading);
        self.put(&self.workspaces, known.workspace, known, reading);
    }

    pub(super) fn switches(&self, id: OrganizationId) -> Option<Arc<Vec<SwitchState>>> {
        self.get(&self.switches, &id)
    }

    pub(super) fn keep_switches(&self, id: OrganizationId, switches: Vec<SwitchState>, reading: Reading) {
        self.put(&self.switches, id, Arc::new(switches), reading);
    }

    pub(super) fn caller(&self, secret: &Digest) -> Option<Arc<TokenBearer>> {
        self.get(&self.callers, secret)
    }

    pub(super) fn keep_caller(&self, secret: Digest, caller: Arc<TokenBearer>, reading: Reading) {
        self.put(&self.callers, secret, caller, reading);
    }

    fn forget_all(&self) {
        clear(&self.workspaces);
        clear(&self.slugs);
        clear(&self.switches);
        clear(&self.callers);
    }
}

fn clear<K: std::hash::Hash + Eq, T>(all: &[Shard<K, T>]) {
    for shard in all {
        shard.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Whether an event may say that a token speaks for somebody else, for less, or no more.
fn is_about_callers(kind: EventType) -> bool {
    let name = kind.as_str();
    ["account.", "token.", "operator."].iter().any(|family| name.starts_with(family))
}

/// Looks for what has changed, and confirms the rest. Nothing to do while nobody asks.
///
/// # Errors
/// When the database is not reachable; then what is kept grows old.
pub async fn confirm_kept(app: &App) -> Result<(), Error> {
    let kept = &app.kept;
    let looked_at = kept.now();
    let asked = kept.asked_at.load(Ordering::Relaxed);
    if asked == 0 || Duration::from_micros(looked_at.saturating_sub(asked)) > IDLE {
        return Ok(());
    }
    let _one_at_a_time = kept.looking.lock().await;
    let position = i64::try_from(kept.position.load(Ordering::SeqCst)).unwrap_or(i64::MAX);
    // One snapshot: what is placed meanwhile is in one of the two.
    let mut tx = app.db.begin_read().await?;
    let waiting = event::list_pending_feed(&mut tx, LOOK + 1).await?;
    let placed = event::list_feed(&mut tx, position, LOOK + 1).await?;
    let limit = usize::try_from(LOOK).unwrap_or(usize::MAX);
    let is_too_much = placed.len() > limit || waiting.len() > limit;
    let last = if is_too_much { event::find_last_position(&mut tx).await? } else { position };
    let last = placed.last().map_or(last, |item| item.position.max(last));
    drop(tx);
    if is_too_much || !placed.is_empty() || !waiting.is_empty() {
        kept.generation.fetch_add(1, Ordering::SeqCst);
    }
    if is_too_much {
        kept.forget_all();
    } else {
        for item in placed.iter().chain(&waiting) {
            if let Some(id) = item.workspace_id {
                kept.forget(&kept.workspaces, &id);
            }
            if let Some(id) = item.organization_id {
                kept.forget(&kept.switches, &id);
            }
            if is_about_callers(item.kind) {
                clear(&kept.callers);
            }
        }
    }
    kept.position.store(u64::try_from(last).unwrap_or_default(), Ordering::SeqCst);
    kept.confirmed_at.store(looked_at, Ordering::SeqCst);
    Ok(())
}
