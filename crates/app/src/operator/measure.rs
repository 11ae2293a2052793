//! What is counted from time to time for whoever watches from outside (`/metrics`).

use orglink_store::{event, link};

use crate::{App, Error};

/// How the installation is, in numbers.
#[derive(Debug, Clone, Copy)]
pub struct Measures {
    /// Events without a position yet, of all processes.
    pub events_pending: i64,
    /// Links whose access was not compared yet.
    pub links_unchecked: i64,
    /// Links with access that differs though nobody changed it.
    pub links_differing: i64,
    /// There is room to write, as far as this process knows.
    pub has_room: bool,
    /// Imports of this process that ended well.
    pub imports_done: u64,
    /// Imports of this process that were refused or broke off.
    pub imports_failed: u64,
}

/// Counts.
///
/// # Errors
/// When the database is not reachable.
pub async fn measure(app: &App) -> Result<Measures, Error> {
    let has_room = app.db.check_room().await.is_ok();
    let mut tx = app.db.begin_read().await?;
    let (imports_done, imports_failed) = app.imports.count();
    Ok(Measures {
        events_pending: event::count_pending(&mut tx).await?.0,
        links_unchecked: link::count_unchecked(&mut tx).await?.0,
        links_differing: link::count_differing(&mut tx).await?,
        has_room,
        imports_done,
        imports_failed,
    })
}
