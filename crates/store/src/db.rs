//! The two databases behind one door, and what a transaction means on both.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Transaction};

use crate::address::Address;
use crate::error::{IsRetryable, StoreError};

/// The database: one writer and several readers on SQLite, one pool on PostgreSQL.
#[derive(Debug, Clone)]
pub enum Db {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// An open transaction. Writes are `BEGIN IMMEDIATE` on SQLite and `REPEATABLE READ` on PostgreSQL; reads are
/// snapshots on both. Dropped without [`Tx::commit`], nothing has happened.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

const READERS: u32 = 8;
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Rows that SQLite's thread may be ahead of whoever reads them: as many as most lists have.
const ROWS_AHEAD: usize = 1000;
/// Bytes of SQLite's log that stay when all of it is in the database.
const JOURNAL_LEFT: &str = "67108864";
/// A connection to PostgreSQL that rested so long is tried before it is used: it may be gone.
const RESTED: Duration = Duration::from_secs(1);

/// Begins in a task of its own, which goes on when whoever asked goes away: a connection whose `BEGIN` nobody waited for
/// would stay in that transaction without sqlx knowing it, and the next one to write on it would be told that it may not.
async fn begin(pool: &PgPool, statement: &'static str) -> Result<Tx, StoreError> {
    let pool = pool.clone();
    match tokio::spawn(async move { pool.begin_with(statement).await }).await {
        Ok(begun) => Ok(Tx::Postgres(begun?)),
        // The program ends.
        Err(_) => Err(StoreError::Unavailable(sqlx::Error::PoolClosed)),
    }
}

impl Db {
    /// Opens the database as it is; a missing SQLite file is made, its schema is not (see [`Db::migrate`]).
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder)?;
                }
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(BUSY_TIMEOUT)
                    .statement_cache_capacity(300)
                    .row_buffer_size(ROWS_AHEAD)
                    .pragma("cache_size", "-65536")
                    // What a large import made of the log is given back.
                    .pragma("journal_size_limit", JOURNAL_LEFT)
                    .pragma("temp_store", "MEMORY")
                    .disable_statement_logging();
                // A commit that fails (a full disk) ends the transaction in SQLite and leaves it open in sqlx: such a
                // connection is replaced, or nothing could be written any more.
                let write = SqlitePoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(BUSY_TIMEOUT)
                    .test_before_acquire(false)
                    .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
                    .connect_with(options.clone())
                    .await?;
                let read = SqlitePoolOptions::new()
                    .max_connections(READERS)
                    .acquire_timeout(BUSY_TIMEOUT)
                    .test_before_acquire(false)
                    // There are several of these: what they keep of the file adds up.
                    .connect_with(options.read_only(true).create_if_missing(false).pragma("cache_size", "-16384"))
                    .await?;
                Ok(Self::Sqlite { write, read })
            }
            Address::Postgres(url) => {
                let options: PgConnectOptions = url.parse().map_err(StoreError::Unavailable)?;
                let pool = PgPoolOptions::new()
                    .max_connections(40)
                    .acquire_timeout(Duration::from_secs(10))
                    .test_before_acquire(false)
                    .before_acquire(|connection, about| {
                        Box::pin(async move {
                            if about.idle_for > RESTED {
                                connection.ping().await?;
                            }
                            Ok(true)
                        })
                    })
                    .connect_with(options.statement_cache_capacity(300).disable_statement_logging())
                    .await?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    /// A snapshot to read from.
    ///
    /// # Errors
    /// When the database is not reachable.
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { read, .. } => Ok(Tx::Sqlite(read.begin().await?)),
            Self::Postgres(pool) => begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await,
        }
    }

    /// A transaction to write in. Use [`in_write!`](crate::in_write), which tries again when it must.
    ///
    /// # Errors
    /// When the database is not reachable or stays busy.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { write, .. } => Ok(Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ").await,
        }
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl Tx {
    /// Makes everything done in it durable.
    ///
    /// # Errors
    /// When the database refuses; then nothing has happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(t) => t.commit().await?,
            Self::Postgres(t) => t.commit().await?,
        }
        Ok(())
    }

    /// Lets go of what SQLite keeps of the file, after reading much that nobody reads again soon.
    ///
    /// # Errors
    /// When the database is not reachable.
    pub async fn give_back_memory(&mut self) -> Result<(), StoreError> {
        if let Self::Sqlite(t) = self {
            sqlx::query("PRAGMA shrink_memory").execute(&mut **t).await?;
        }
        Ok(())
    }
}

/// Counts the attempts of one transaction and waits, with jitter, between them.
pub struct Attempts {
    left: u32,
    wait: Duration,
}

impl Attempts {
    #[must_use]
    pub const fn new() -> Self {
        Self { left: 40, wait: Duration::from_millis(1) }
    }

    /// Whether to try once more after this error; waits before saying yes.
    pub async fn again<E: IsRetryable>(&mut self, error: &E) -> bool {
        if !error.is_retryable() || self.left == 0 {
            return false;
        }
        self.left -= 1;
        let mut random = [0_u8; 2];
        // Without randomness the wait is merely regular.
        let _ = getrandom::fill(&mut random);
        let jitter = f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX);
        tokio::time::sleep(self.wait.mul_f64(0.5 + jitter)).await;
        self.wait = (self.wait * 2).min(Duration::from_millis(100));
        true
    }
}

impl Default for Attempts {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs a block in a write transaction named by the second argument, commits, and tries again when the
/// database says that somebody else was writing. The block may run several times: it sends nothing.
///
/// The block's value is `Result<T, E>` with `E: From<StoreError> + IsRetryable`.
#[macro_export]
macro_rules! in_write {
    ($db:expr, $tx:ident, $body:block) => {{
        let mut attempts = $crate::Attempts::new();
        loop {
            let outcome = match $db.begin_write().await {
                Err(error) => Err(error.into()),
                Ok(mut transaction) => {
                    let $tx = &mut transaction;
                    match async { $body }.await {
                        Err(error) => Err(error),
                        Ok(value) => match transaction.commit().await {
                            Err(error) => Err(error.into()),
                            Ok(()) => Ok(value),
                        },
                    }
                }
            };
            match outcome {
                Ok(value) => break Ok(value),
                Err(error) => {
                    if !attempts.again(&error).await {
                        break Err(error);
                    }
                }
            }
        }
    }};
}
