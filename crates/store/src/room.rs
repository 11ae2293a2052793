//! Whether there is room to write: noticed when a write fails, and tried again when somebody asks.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Db, StoreError};

/// The last that this process knows.
static IS_FULL: AtomicBool = AtomicBool::new(false);

/// A write found no room.
pub(crate) fn note_full() {
    IS_FULL.store(true, Ordering::Relaxed);
}

impl Db {
    /// Whether writing works again, when it did not the last time: tries, raising a number that nobody reads. (What
    /// is overwritten with the same is not written at all by SQLite.)
    ///
    /// # Errors
    /// When there is still no room, or the database is not reachable.
    pub async fn check_room(&self) -> Result<(), StoreError> {
        if IS_FULL.load(Ordering::Relaxed) {
            let mut tx = self.begin_write().await?;
            execute!(&mut tx, sql!("installation/raise_version"))?;
            tx.commit().await?;
            IS_FULL.store(false, Ordering::Relaxed);
        }
        Ok(())
    }
}
