//! What can go wrong with the database itself; what somebody may not do is never among it.

use std::fmt;

/// Whether the same transaction may succeed when tried again.
pub trait IsRetryable {
    fn is_retryable(&self) -> bool;
}

/// A failure of the database, or of what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database is not reachable: {0}")]
    Unavailable(#[source] sqlx::Error),
    #[error("{0}")]
    Away(#[source] std::io::Error),
    /// Somebody else kept the same key at the same time; tried again before it is reported.
    #[error("somebody else wrote the same thing at the same time")]
    Conflict,
    /// Somebody else wrote at the same time; tried again before it is reported.
    #[error("the database is busy: {0}")]
    Busy(#[source] sqlx::Error),
    #[error("the database refused a statement: {0}")]
    Statement(#[source] sqlx::Error),
    #[error("inconsistent row: {table}.{column} of {id}")]
    Inconsistent { table: &'static str, column: &'static str, id: String },
    #[error(
        "the database was written by a newer orglink (schema {found}; this program knows {known}): install that version"
    )]
    NewerSchema { found: i64, known: i64 },
    #[error("the database has schema {found}, this program needs {known}: run `orglink database migrate`")]
    OlderSchema { found: i64, known: i64 },
    #[error("the schema could not be brought up to date: {0}")]
    Migration(String),
    /// A copy could not be made, or is not what was copied.
    #[error("{0}")]
    Copy(String),
    /// There is no room left to write; reading goes on.
    #[error("there is no room left where the database is kept: {0}")]
    Full(#[source] sqlx::Error),
    /// The database takes no changes; reading goes on.
    #[error("the database takes no changes: {0}")]
    ReadOnly(#[source] sqlx::Error),
    #[error("{0}")]
    File(#[from] std::io::Error),
}

impl StoreError {
    /// Whether the database itself is away, full or overloaded, as opposed to something being wrong.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Away(_) | Self::Busy(_) | Self::Full(_) | Self::ReadOnly(_))
    }

    pub(crate) fn inconsistent(table: &'static str, column: &'static str, id: impl fmt::Display) -> Self {
        Self::Inconsistent { table, column, id: id.to_string() }
    }
}

impl IsRetryable for StoreError {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Conflict)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &e {
            E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::Tls(_) | E::Configuration(_) | E::WorkerCrashed => {
                Self::Unavailable(e)
            }
            E::Database(inner) => {
                let code = inner.code().unwrap_or_default().into_owned();
                match code.as_str() {
                    // PostgreSQL: serialization failure, deadlock, lock not available, and a key that a bulk write found
                    // free and another took. SQLite: busy, busy snapshot.
                    "40001" | "40P01" | "55P03" | "23505" | "5" | "261" | "517" => Self::Busy(e),
                    // PostgreSQL: connections, shutting down, no such database, authentication. SQLite: cannot open.
                    "57P01" | "57P02" | "57P03" | "3D000" | "28000" | "28P01" | "53300" | "14" => Self::Unavailable(e),
                    // PostgreSQL: disk full. SQLite: full, cannot write.
                    "53100" | "13" | "778" => {
                        crate::room::note_unwritable();
                        Self::Full(e)
                    }
                    // PostgreSQL: a standby, or somebody has set it so. SQLite: the file or its disk is.
                    "25006" | "8" => {
                        crate::room::note_unwritable();
                        Self::ReadOnly(e)
                    }
                    c if c.starts_with("08") => Self::Unavailable(e),
                    _ => Self::Statement(e),
                }
            }
            _ => Self::Statement(e),
        }
    }
}
