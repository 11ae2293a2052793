//! What can be asked about the state of the whole database: by `doctor`, and for metrics. Nothing here writes.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::WorkspaceId;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;

use crate::row::{Time, digest};
use crate::{StoreError, Tx};

/// Positions that were given: how many, and the highest; the same number when there is no gap.
pub async fn count_positions(tx: &mut Tx) -> Result<(i64, i64), StoreError> {
    fetch_one!(tx, sql!("health/count_positions"), (i64, i64))
}

/// Events that neither have a position nor wait for one.
pub async fn count_lost_events(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("health/count_lost_events"), (i64,))?.0)
}

/// Slugs of workspaces that are linked though they, or their organization, are deleted; twenty at most.
pub async fn list_links_to_deleted(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    Ok(fetch_all!(tx, sql!("health/list_links_to_deleted"), (String,))?.into_iter().map(|(slug,)| slug).collect())
}

/// A thousand events after a position: whether what each commits to is what stands beside it.
pub async fn check_commitments(tx: &mut Tx, after: i64) -> Result<Vec<(i64, bool)>, StoreError> {
    let rows = fetch_all!(tx, sql!("health/list_commitments"), (i64, Vec<u8>, Vec<u8>, Vec<u8>), after)?;
    Ok(rows
        .into_iter()
        .map(|(position, commitment, salt, payload)| {
            (position, Digest::of(&[&salt, &payload]).as_bytes().as_slice() == commitment)
        })
        .collect())
}

/// Two hundred digests of access that are kept for the version their workspace has now.
pub async fn list_access_digests(
    tx: &mut Tx,
    after: WorkspaceId,
) -> Result<Vec<(WorkspaceId, String, Digest)>, StoreError> {
    fetch_all!(tx, sql!("health/list_access_digests"), (Uuid, String, Vec<u8>), after.0)?
        .into_iter()
        .map(|(id, slug, kept)| Ok((WorkspaceId(id), slug, digest(&kept, "workspace_access_digest", "digest", id)?)))
        .collect()
}

/// Rows that refer to what is not there, by `table.column`. The database keeps this from happening, unless its file
/// was damaged or somebody switched its checks off.
pub async fn list_orphans(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    let statement = twin!(tx, "health/list_foreign_keys");
    let keys = fetch_all!(tx, statement, (String, String, String, String))?;
    let mut orphans = Vec::new();
    for (table, column, to, key) in keys {
        let text = format!(
            "SELECT COUNT(*) FROM \"{table}\" a WHERE a.\"{column}\" IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM \"{to}\" b WHERE b.\"{key}\" = a.\"{column}\")"
        );
        let (count,) = fetch_one!(tx, AssertSqlSafe(text.as_str()).into_sql_str(), (i64,))?;
        if count > 0 {
            orphans.push((format!("{table}.{column}"), count));
        }
    }
    Ok(orphans)
}

/// What the database says of its own pages (SQLite), shortly or, when `deep`, of every index too; nothing when all is
/// well.
pub async fn check_pages(tx: &mut Tx, deep: bool) -> Result<Vec<String>, StoreError> {
    let Tx::Sqlite(t) = tx else { return Ok(Vec::new()) };
    let text = if deep { "PRAGMA integrity_check(20)" } else { "PRAGMA quick_check(20)" };
    let found: Vec<(String,)> = sqlx::query_as(text).fetch_all(&mut **t).await?;
    Ok(found.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
}

/// What the database's clock shows; nothing on SQLite, which has none.
pub async fn find_clock(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let Tx::Postgres(t) = tx else { return Ok(None) };
    let (at,): (Time,) = sqlx::query_as("SELECT clock_timestamp()").fetch_one(&mut **t).await?;
    Ok(Some(at.0))
}
