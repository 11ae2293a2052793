//! Values on their way between two databases, and the digest of what passed.

use orglink_domain::clock::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::{PgRow, Postgres};
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Row as _, ValueRef as _};
use uuid::Uuid;

use super::table::{Kind, Table};
use crate::StoreError;
use crate::row::Time;

/// One value, whichever database it comes from: ids are bytes, times are microseconds, yes and no are 1 and 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

pub(super) fn of_sqlite(row: &SqliteRow, table: &Table) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (at, (_, kind)) in table.columns.iter().enumerate() {
        values.push(if row.try_get_raw(at)?.is_null() {
            Value::Null
        } else {
            match kind {
                Kind::Text => Value::Text(row.try_get(at)?),
                Kind::Bytes | Kind::Uuid => Value::Bytes(row.try_get(at)?),
                Kind::Int | Kind::Bool | Kind::Time => Value::Int(row.try_get(at)?),
            }
        });
    }
    Ok(values)
}

pub(super) fn of_postgres(row: &PgRow, table: &Table) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (at, (_, kind)) in table.columns.iter().enumerate() {
        values.push(if row.try_get_raw(at)?.is_null() {
            Value::Null
        } else {
            match kind {
                Kind::Text => Value::Text(row.try_get(at)?),
                Kind::Bytes => Value::Bytes(row.try_get(at)?),
                Kind::Uuid => Value::Bytes(row.try_get::<Uuid, _>(at)?.into_bytes().to_vec()),
                Kind::Int => Value::Int(row.try_get(at)?),
                Kind::Bool => Value::Int(i64::from(row.try_get::<bool, _>(at)?)),
                Kind::Time => Value::Int(row.try_get::<Time, _>(at)?.0.as_micros()),
            }
        });
    }
    Ok(values)
}

pub(super) fn bind_sqlite(to: &mut Separated<'_, Sqlite, &'static str>, value: Value) {
    match value {
        Value::Null => to.push("NULL"),
        Value::Int(n) => to.push_bind(n),
        Value::Text(text) => to.push_bind(text),
        Value::Bytes(bytes) => to.push_bind(bytes),
    };
}

pub(super) fn bind_postgres(
    to: &mut Separated<'_, Postgres, &'static str>,
    kind: Kind,
    value: Value,
) -> Result<(), StoreError> {
    match (kind, value) {
        (Kind::Int, Value::Int(n)) => to.push_bind(Some(n)),
        (Kind::Int, Value::Null) => to.push_bind(None::<i64>),
        (Kind::Bool, Value::Int(n)) => to.push_bind(Some(n != 0)),
        (Kind::Bool, Value::Null) => to.push_bind(None::<bool>),
        (Kind::Time, Value::Int(n)) => to.push_bind(Some(Time(Timestamp::from_micros(n)))),
        (Kind::Time, Value::Null) => to.push_bind(None::<Time>),
        (Kind::Text, Value::Text(text)) => to.push_bind(Some(text)),
        (Kind::Text, Value::Null) => to.push_bind(None::<String>),
        (Kind::Bytes, Value::Bytes(bytes)) => to.push_bind(Some(bytes)),
        (Kind::Bytes, Value::Null) => to.push_bind(None::<Vec<u8>>),
        (Kind::Uuid, Value::Bytes(bytes)) => {
            let id = Uuid::from_slice(&bytes)
                .map_err(|_| StoreError::Copy(format!("an id has {} bytes instead of 16", bytes.len())))?;
            to.push_bind(Some(id))
        }
        (Kind::Uuid, Value::Null) => to.push_bind(None::<Uuid>),
        (kind, value) => return Err(StoreError::Copy(format!("{value:?} cannot stand in a column of {kind:?}"))),
    };
    Ok(())
}

/// The digest of a table: its columns' names, then every value of every row, each with its kind and length.
pub(super) struct Running {
    hash: Sha256,
    pub rows: u64,
}

impl Running {
    pub fn new(table: &Table) -> Self {
        let mut running = Self { hash: Sha256::new(), rows: 0 };
        running.part(b't', table.name.as_bytes());
        for (column, _) in &table.columns {
            running.part(b'c', column.as_bytes());
        }
        running
    }

    pub fn add(&mut self, row: &[Value]) {
        self.rows += 1;
        for value in row {
            match value {
                Value::Null => self.part(b'0', &[]),
                Value::Int(n) => self.part(b'i', &n.to_be_bytes()),
                Value::Text(text) => self.part(b's', text.as_bytes()),
                Value::Bytes(bytes) => self.part(b'b', bytes),
            }
        }
    }

    fn part(&mut self, kind: u8, bytes: &[u8]) {
        self.hash.update([kind]);
        self.hash.update((bytes.len() as u64).to_be_bytes());
        self.hash.update(bytes);
    }

    pub fn finish(self) -> [u8; 32] {
        self.hash.finalize().into()
    }
}
