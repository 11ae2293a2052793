//! A whole database into a fresh one, of either kind: what backups, restores and moves are made of.
//!
//! Everything is read in one snapshot, table by table, each after those that it refers to, and written in one
//! transaction; memory holds a few hundred rows. Then what was written is read again, and its digests compared. A new
//! SQLite file gets its name only when it is complete; PostgreSQL shows nothing before the commit.

mod table;
mod value;

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use orglink_domain::digest::Digest;
use serde::Serialize;
use sqlx::{AssertSqlSafe, QueryBuilder, SqlSafeStr as _};

use crate::address::Address;
use crate::{Db, StoreError, Tx, fault};
use table::Table;
use value::{Running, Value, bind_postgres, bind_sqlite, of_postgres, of_sqlite};

/// A table in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableDigest {
    pub table: String,
    pub rows: u64,
    /// Over every value of every row, in the order of the primary key; the same on both databases.
    pub digest: Digest,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// The schema that the source had.
    pub schema: i64,
    /// The position of the newest event that had one, in the source at that moment.
    pub position: i64,
    pub tables: Vec<TableDigest>,
}

/// Where a copy is: `(table, rows of it so far)`.
pub type Watch<'a> = &'a (dyn Fn(&str, u64) + Sync);

/// Values of one statement, at most; SQLite takes 32 thousand.
const VALUES_A_STATEMENT: usize = 8000;

/// PostgreSQL does not count on by itself after numbers that were given.
const CONTINUE_ARRIVALS: &str =
    "SELECT setval(pg_get_serial_sequence('event_pending', 'arrival'), (SELECT MAX(arrival) FROM event_pending))";

/// Copies everything into a database that is empty or, with SQLite, not there yet.
///
/// # Errors
/// When the target holds anything, the source is newer than this program, either cannot be reached or is full, or
/// what was written is not what was read. Then the target is as it was.
pub async fn copy_database(source: &Db, to: &Address, watch: Watch<'_>) -> Result<Copied, StoreError> {
    match to {
        Address::Sqlite(path) => copy_to_file(source, path, watch).await,
        Address::Postgres(_) => {
            let target = Db::open(to).await?;
            let copied = copy_into(source, &target, watch).await;
            target.close().await;
            copied
        }
    }
}

/// The digests of all tables as they are in one snapshot.
///
/// # Errors
/// When the database is not reachable.
pub async fn digest_database(db: &Db) -> Result<Vec<TableDigest>, StoreError> {
    let mut tx = db.begin_read().await?;
    let mut digests = Vec::new();
    for table in table::list(&mut tx).await? {
        digests.push(read(&mut tx, &table, None, &|_, _| {}).await?);
    }
    Ok(digests)
}

async fn copy_to_file(source: &Db, path: &Path, watch: Watch<'_>) -> Result<Copied, StoreError> {
    if std::fs::metadata(path).is_ok_and(|found| found.len() > 0) {
        return Err(StoreError::Copy(format!("{} is there already; name a file that is not", path.display())));
    }
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let partial = with_end(path, &format!(".partial-{}", std::process::id()));
    let copied = fill_file(source, &partial, watch).await;
    let placed = match copied {
        Ok(copied) => place(&partial, path).map(|()| copied),
        Err(e) => Err(e),
    };
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(with_end(&partial, end));
    }
    placed
}

async fn fill_file(source: &Db, partial: &Path, watch: Watch<'_>) -> Result<Copied, StoreError> {
    drop(private_file(partial)?);
    let target = Db::open(&Address::Sqlite(partial.to_owned())).await?;
    let copied = copy_into(source, &target, watch).await;
    target.close().await;
    copied
}

/// Makes the file, for its owner only: it holds what the database holds.
fn private_file(path: &Path) -> Result<std::fs::File, StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?)
}

/// Gives a complete file its name; never over another that has come meanwhile.
fn place(partial: &Path, path: &Path) -> Result<(), StoreError> {
    std::fs::File::open(partial)?.sync_all()?;
    if std::fs::metadata(path).is_ok_and(|found| found.len() == 0) {
        std::fs::remove_file(path)?;
    }
    std::fs::hard_link(partial, path)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

async fn copy_into(source: &Db, target: &Db, watch: Watch<'_>) -> Result<Copied, StoreError> {
    let schema = source.schema_version().await?;
    if schema == 0 {
        return Err(StoreError::Copy("the source is no database of orglink".to_owned()));
    }
    if schema > Db::known_schema() {
        return Err(StoreError::NewerSchema { found: schema, known: Db::known_schema() });
    }
    let mut to = target.begin_write().await?;
    if !table::list(&mut to).await?.is_empty() {
        return Err(StoreError::Copy(
            "the target holds tables already; name a database that is empty (nothing was changed)".to_owned(),
        ));
    }
    // The schema as the source has it, so that every value finds its column; brought up to date at the end.
    crate::migrate::migrate_within(&mut to, schema).await?;
    let mut from = source.begin_read().await?;
    let theirs = table::list(&mut from).await?;
    let ours = table::list(&mut to).await?;
    // Rows that the schema begins with.
    for table in ours.iter().rev() {
        run(&mut to, format!("DELETE FROM \"{}\"", table.name)).await?;
    }
    let mut tables = Vec::new();
    for table in &ours {
        let Some(of) = theirs.iter().find(|t| t.name == table.name).filter(|t| have_the_same_columns(t, table)) else {
            let text = format!("the source's table {} is not as its schema {schema} says", table.name);
            return Err(StoreError::Copy(text));
        };
        tables.push(read(&mut from, of, Some((&mut to, table)), watch).await?);
    }
    let (position,) = fetch_one!(&mut from, sql!("event/find_last_position"), (i64,))?;
    drop(from);
    fault::point("copy.written");
    for (table, sent) in ours.iter().zip(&tables) {
        let arrived = read(&mut to, table, None, &|_, _| {}).await?;
        if arrived != *sent {
            let text =
                format!("{}: {} rows were read, {} arrived, or not the same", sent.table, sent.rows, arrived.rows);
            return Err(StoreError::Copy(text));
        }
    }
    if matches!(to, Tx::Postgres(_)) {
        // What waits keeps its place; whatever comes later comes after it.
        execute!(&mut to, CONTINUE_ARRIVALS)?;
    }
    crate::migrate::migrate_within(&mut to, Db::known_schema()).await?;
    fault::point("copy.verified");
    to.commit().await?;
    Ok(Copied { schema, position, tables })
}

fn have_the_same_columns(a: &Table, b: &Table) -> bool {
    a.columns.iter().map(|(name, _)| name).eq(b.columns.iter().map(|(name, _)| name))
}

async fn run(tx: &mut Tx, text: String) -> Result<u64, StoreError> {
    execute!(tx, AssertSqlSafe(text.as_str()).into_sql_str())
}

/// Reads a table to its end, and writes it into another when asked.
async fn read(
    from: &mut Tx,
    table: &Table,
    mut to: Option<(&mut Tx, &Table)>,
    watch: Watch<'_>,
) -> Result<TableDigest, StoreError> {
    let mut running = Running::new(table);
    let mut batch: Vec<Vec<Value>> = Vec::new();
    let rows_a_statement = (VALUES_A_STATEMENT / table.columns.len().max(1)).clamp(1, 500);
    // The same loop over the rows of either database.
    macro_rules! drain {
        ($conn:expr, $of:ident, $is_postgres:literal) => {{
            let text = AssertSqlSafe(table.select($is_postgres)).into_sql_str();
            let mut rows = sqlx::query(text).persistent(false).fetch($conn);
            while let Some(row) = rows.try_next().await? {
                let values = $of(&row, table)?;
                running.add(&values);
                let Some((target, ours)) = to.as_mut() else { continue };
                batch.push(values);
                if batch.len() == rows_a_statement {
                    write(target, ours, std::mem::take(&mut batch)).await?;
                    watch(&table.name, running.rows);
                }
            }
        }};
    }
    match from {
        Tx::Sqlite(t) => drain!(&mut **t, of_sqlite, false),
        Tx::Postgres(t) => drain!(&mut **t, of_postgres, true),
    }
    if let Some((target, ours)) = to.as_mut().filter(|_| !batch.is_empty()) {
        write(target, ours, batch).await?;
    }
    watch(&table.name, running.rows);
    let rows = running.rows;
    Ok(TableDigest { table: table.name.clone(), rows, digest: Digest::from_bytes(running.finish()) })
}

async fn write(to: &mut Tx, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    match to {
        Tx::Sqlite(t) => {
            let mut builder = QueryBuilder::new(table.insert(false));
            begin_rows(&mut builder, rows, |list, row| {
                for value in row {
                    bind_sqlite(list, value);
                }
                Ok(())
            })?;
            builder.build().execute(&mut **t).await?;
        }
        Tx::Postgres(t) => {
            let mut builder = QueryBuilder::new(table.insert(true));
            begin_rows(&mut builder, rows, |list, row| {
                table.columns.iter().zip(row).try_for_each(|((_, kind), value)| bind_postgres(list, *kind, value))
            })?;
            builder.build().execute(&mut **t).await?;
        }
    }
    Ok(())
}

/// `VALUES (…), (…)`.
fn begin_rows<DB: sqlx::Database>(
    builder: &mut QueryBuilder<DB>,
    rows: Vec<Vec<Value>>,
    push: impl Fn(&mut sqlx::query_builder::Separated<'_, DB, &'static str>, Vec<Value>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut before = "VALUES (";
    for row in rows {
        builder.push(before);
        push(&mut builder.separated(", "), row)?;
        builder.push(")");
        before = ", (";
    }
    Ok(())
}
