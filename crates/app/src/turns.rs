//! Turns: links to one organization go one after the other within this process, instead of all computing at once
//! and all but one again. Only a courtesy: what is right is decided by the guard rows.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use orglink_domain::name::fold;
use tokio::sync::{Mutex, MutexGuard};

const STRIPES: usize = 64;

/// Who waits for whom.
pub struct Turns(Vec<Mutex<()>>);

impl Turns {
    pub fn new() -> Self {
        Self((0..STRIPES).map(|_| Mutex::new(())).collect())
    }

    /// Waits for one's turn; it ends when the guard is dropped.
    pub async fn wait(&self, organization: &str) -> Option<MutexGuard<'_, ()>> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(fold(organization));
        let stripe = usize::try_from(hash % STRIPES as u64).ok()?;
        Some(self.0.get(stripe)?.lock().await)
    }
}
