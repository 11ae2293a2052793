//! Where an import is read into before anything is decided: a temporary SQLite file that dies with the
//! import, so that memory stays flat however long the file is, and the real database is not locked meanwhile.

use orglink_domain::words;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, QueryBuilder};
use uuid::Uuid;

use crate::StoreError;
use crate::bulk::{KEYS_A_STATEMENT, ROWS_A_STATEMENT, padded};

words! {
    /// The types of import records, in the order in which they are applied.
    "record type" RecordType {
        Account = "account",
        Organization = "organization",
        Workspace = "workspace",
        Site = "site",
        Role = "role",
        UserGroup = "user_group",
        Repository = "repository",
        Subscription = "subscription",
        Invoice = "invoice",
    }
}

/// One record, read and checked by itself.
#[derive(Debug, Clone)]
pub struct StagedRecord {
    /// Folded; unique among records of its type.
    pub key: String,
    pub line: i64,
    pub body: String,
}

/// Something that refers to a record which may stand anywhere in the file, or in the database already.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    pub to: RecordType,
    pub key: String,
    pub line: i64,
}

/// A key that occurs twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub key: String,
    pub line: i64,
    pub first_line: i64,
}

/// Something that an import did to a workspace; gathered here until its event is written.
#[derive(Debug, Clone)]
pub struct Touch {
    pub workspace: Uuid,
    pub line: i64,
    /// An admin was taken away: there must be one left.
    pub takes_admin: bool,
    /// What changed, as JSON; nothing when the workspace was created or only needs to be looked at again.
    pub change: Option<String>,
}

/// How much text is handed out at once, so that a file of huge lines does not fill the memory.
const BATCH_CHARACTERS: i64 = 8 << 20;

/// The temporary database of one import.
pub struct Staging {
    connection: SqliteConnection,
    _folder: tempfile::TempDir,
}

impl Staging {
    /// Makes an empty one in the system's folder for temporary files.
    ///
    /// # Errors
    /// When there is no room for it.
    pub async fn open() -> Result<Self, StoreError> {
        let folder = tempfile::Builder::new().prefix("orglink-import-").tempdir()?;
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.path().join("staging.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-32768")
            .row_buffer_size(1000)
            .disable_statement_logging()
            .connect()
            .await?;
        for record in RecordType::ALL {
            let text = format!(
                "CREATE TABLE {record} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, line INTEGER NOT NULL, body TEXT NOT NULL) STRICT"
            );
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await?;
        }
        sqlx::raw_sql(
            "CREATE TABLE reference (target TEXT NOT NULL, key TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (target, key, line)) STRICT, WITHOUT ROWID;
             CREATE TABLE touch (id INTEGER PRIMARY KEY, workspace BLOB NOT NULL, line INTEGER NOT NULL, takes_admin INTEGER NOT NULL, change TEXT) STRICT;
             CREATE INDEX touch_by_workspace ON touch (workspace);
             BEGIN",
        )
        .execute(&mut connection)
        .await?;
        // The open file lives on; nothing of it is left behind, however the import ends.
        #[cfg(unix)]
        std::fs::remove_dir_all(folder.path())?;
        Ok(Self { connection, _folder: folder })
    }

    /// Keeps records; gives back those whose key was there already.
    pub async fn add(
        &mut self,
        record_type: RecordType,
        records: &[StagedRecord],
    ) -> Result<Vec<Duplicate>, StoreError> {
        let mut duplicates = Vec::new();
        for chunk in records.chunks(ROWS_A_STATEMENT) {
            let mut insert = QueryBuilder::<Sqlite>::new(format!("INSERT INTO {record_type} (key, line, body) "));
            insert
                .push_values(chunk, |mut b, r| {
                    b.push_bind(r.key.as_str()).push_bind(r.line).push_bind(r.body.as_str());
                })
                .push(" ON CONFLICT (key) DO NOTHING");
            let written = insert.build().execute(&mut self.connection).await?.rows_affected();
            if written < chunk.len() as u64 {
                for record in chunk {
                    let select = format!("SELECT line FROM {record_type} WHERE key = $1");
                    let (first_line,): (i64,) = sqlx::query_as(AssertSqlSafe(select))
                        .bind(record.key.as_str())
                        .fetch_one(&mut self.connection)
                        .await?;
                    if first_line != record.line {
                        duplicates.push(Duplicate { key: record.key.clone(), line: record.line, first_line });
                    }
                }
            }
        }
        Ok(duplicates)
    }

    /// Remembers what must exist in the end, and which line says so.
    pub async fn add_references(&mut self, references: &[Reference]) -> Result<(), StoreError> {
        for chunk in references.chunks(ROWS_A_STATEMENT) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO reference (target, key, line) ");
            insert
                .push_values(chunk, |mut b, r| {
                    b.push_bind(r.to.as_str()).push_bind(r.key.as_str()).push_bind(r.line);
                })
                .push(" ON CONFLICT (target, key, line) DO NOTHING");
            insert.build().execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Which of these folded addresses are no accounts of the import so far.
    pub async fn unknown_accounts(&mut self, emails: &[String]) -> Result<Vec<String>, StoreError> {
        let mut unknown = Vec::new();
        for chunk in emails.chunks(KEYS_A_STATEMENT) {
            let mut select = QueryBuilder::<Sqlite>::new("SELECT k.column1 FROM (");
            select.push_values(padded(chunk), |mut b, email| {
                b.push_bind(email.as_str());
            });
            select.push(") AS k WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.key = k.column1)");
            let rows: Vec<(String,)> = select.build_query_as().fetch_all(&mut self.connection).await?;
            unknown.extend(rows.into_iter().map(|(email,)| email));
        }
        Ok(unknown)
    }

    /// What was referred to and is not in the import: (key, line), after one of them.
    pub async fn list_unmet_references(
        &mut self,
        to: RecordType,
        after: (&str, i64),
        limit: i64,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let select = format!(
            "SELECT r.key, r.line FROM reference r WHERE r.target = $1 AND (r.key, r.line) > ($2, $3)
             AND NOT EXISTS (SELECT 1 FROM {to} t WHERE t.key = r.key) ORDER BY r.key, r.line LIMIT $4"
        );
        Ok(sqlx::query_as(AssertSqlSafe(select))
            .bind(to.as_str())
            .bind(after.0)
            .bind(after.1)
            .bind(limit)
            .fetch_all(&mut self.connection)
            .await?)
    }

    /// The text of a line that was read.
    pub async fn find_body(&mut self, line: i64) -> Result<Option<String>, StoreError> {
        for record in RecordType::ALL {
            let select = format!("SELECT body FROM {record} WHERE line = $1");
            let row: Option<(String,)> =
                sqlx::query_as(AssertSqlSafe(select)).bind(line).fetch_optional(&mut self.connection).await?;
            if let Some((body,)) = row {
                return Ok(Some(body));
            }
        }
        Ok(None)
    }

    /// Forgets the record of a line (the bad lines of `--keep-going`).
    pub async fn remove_line(&mut self, line: i64) -> Result<(), StoreError> {
        for record in RecordType::ALL {
            let delete = format!("DELETE FROM {record} WHERE line = $1");
            sqlx::query(AssertSqlSafe(delete)).bind(line).execute(&mut self.connection).await?;
        }
        sqlx::query("DELETE FROM reference WHERE line = $1").bind(line).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Records of a type in the order of the file, after one: (id, line, body).
    pub async fn list(
        &mut self,
        record_type: RecordType,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, i64, String)>, StoreError> {
        let lengths = format!("SELECT id, length(body) FROM {record_type} WHERE id > $1 ORDER BY id LIMIT $2");
        let lengths: Vec<(i64, i64)> =
            sqlx::query_as(AssertSqlSafe(lengths)).bind(after).bind(limit).fetch_all(&mut self.connection).await?;
        let (mut total, mut last) = (0, None);
        for (id, length) in lengths {
            total += length;
            if last.is_some() && total > BATCH_CHARACTERS {
                break;
            }
            last = Some(id);
        }
        let select = format!("SELECT id, line, body FROM {record_type} WHERE id > $1 AND id <= $2 ORDER BY id");
        Ok(sqlx::query_as(AssertSqlSafe(select)).bind(after).bind(last).fetch_all(&mut self.connection).await?)
    }

    /// Forgets all touches: the transaction that made them is tried again.
    pub async fn clear_touches(&mut self) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM touch").execute(&mut self.connection).await?;
        Ok(())
    }

    pub async fn add_touches(&mut self, touches: &[Touch]) -> Result<(), StoreError> {
        for chunk in touches.chunks(ROWS_A_STATEMENT) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO touch (workspace, line, takes_admin, change) ");
            insert.push_values(chunk, |mut b, t| {
                b.push_bind(t.workspace).push_bind(t.line).push_bind(t.takes_admin).push_bind(t.change.as_deref());
            });
            insert.build().execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// The next workspaces that were touched, after one, in the order of their ids.
    pub async fn list_touched(&mut self, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let rows: Vec<(Uuid,)> =
            sqlx::query_as("SELECT DISTINCT workspace FROM touch WHERE workspace > $1 ORDER BY workspace LIMIT $2")
                .bind(after.unwrap_or(Uuid::nil()))
                .bind(limit)
                .fetch_all(&mut self.connection)
                .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// What was done to workspaces from one to another, at most so many changes each, with how many there were.
    pub async fn list_touches(&mut self, from: Uuid, to: Uuid, each: i64) -> Result<Vec<Touch>, StoreError> {
        let rows: Vec<(Uuid, i64, bool, Option<String>)> = sqlx::query_as(
            "SELECT workspace, line, takes_admin, change FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY workspace ORDER BY takes_admin DESC, id) AS number
                FROM touch WHERE workspace BETWEEN $1 AND $2)
             WHERE number <= $3 ORDER BY workspace, number",
        )
        .bind(from)
        .bind(to)
        .bind(each)
        .fetch_all(&mut self.connection)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(workspace, line, takes_admin, change)| Touch { workspace, line, takes_admin, change })
            .collect())
    }

    /// Closes the file; dropping does so too.
    pub async fn close(self) -> Result<(), StoreError> {
        self.connection.close().await?;
        Ok(())
    }
}
