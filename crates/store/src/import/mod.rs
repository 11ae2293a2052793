//! The bulk side of an import: what is there, and the statements that make it what the records say.
//!
//! Everything runs in the one transaction of the import, a few hundred rows a statement.

mod account;
mod organization;
mod repository;
mod role;
mod site;
mod subscription;
mod touched;
mod user_group;
mod workspace;

pub use account::*;
pub use organization::*;
pub use repository::*;
pub use role::*;
pub use site::*;
pub use subscription::*;
pub use touched::*;
pub use user_group::*;
pub use workspace::*;

use orglink_domain::id::WorkspaceId;
use uuid::Uuid;

use crate::{StoreError, Tx};

/// Tells PostgreSQL that tables grow from nothing within this transaction: a plan made when one was empty must not be
/// kept.
pub async fn expect_growth(tx: &mut Tx) -> Result<(), StoreError> {
    if matches!(tx, Tx::Postgres(_)) {
        execute!(tx, "SET LOCAL plan_cache_mode = force_custom_plan")?;
    }
    Ok(())
}

/// Has PostgreSQL count the tables that grew within this transaction, which it would go on reading as a whole for each batch.
pub async fn count_grown(tx: &mut Tx) -> Result<(), StoreError> {
    if matches!(tx, Tx::Postgres(_)) {
        execute!(tx, "ANALYZE account, workspace, user_group, user_group_member")?;
    }
    Ok(())
}

/// Has PostgreSQL count what there is now: after many new rows it would go on planning for the few there were. SQLite plans
/// by its indexes alone.
///
/// # Errors
/// When the database is not reachable.
pub async fn refresh_statistics(db: &crate::Db) -> Result<(), StoreError> {
    if let crate::Db::Postgres(pool) = db {
        sqlx::query("ANALYZE").execute(pool).await?;
    }
    Ok(())
}

/// Keys as [`fetch_by_pairs!`] takes them.
fn pairs(keys: &[(WorkspaceId, String)]) -> Vec<(Uuid, &str)> {
    keys.iter().map(|(id, slug)| (id.0, slug.as_str())).collect()
}
