//! Whether writing works (there is room, and the database takes changes): noticed when a write fails, and tried again
//! when somebody asks.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Db, StoreError};

/// The last that this process knows.
static IS_UNWRITABLE: AtomicBool = AtomicBool::new(false);

/// A write found no room, or nobody who takes it.
pub(crate) fn note_unwritable() {
    IS_UNWRITABLE.store(true, Ordering::Relaxed);
}

impl Db {
    /// Whether writing works again, when it did not the last time: tries, raising a number that nobody reads. (What
    /// is overwritten with the same is not written at all by SQLite.)
    ///
    /// # Errors
    /// When it still does not, or the database is not reachable.
    pub async fn check_room(&self) -> Result<(), StoreError> {
        if IS_UNWRITABLE.load(Ordering::Relaxed) {
            let mut tx = self.begin_write().await?;
            execute!(&mut tx, sql!("installation/raise_version"))?;
            tx.commit().await?;
            IS_UNWRITABLE.store(false, Ordering::Relaxed);
        }
        Ok(())
    }
}
