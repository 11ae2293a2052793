//! Many rows at once: sizes of statements, and rows as PostgreSQL takes many of them.

use sqlx::AssertSqlSafe;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgConnection, PgTypeInfo, Postgres};
use uuid::Uuid;

use crate::StoreError;
use crate::row::Time;

/// Rows of one statement on SQLite: far below its limit on binds (32,766) for the widest table.
pub const ROWS_A_STATEMENT: usize = 500;
/// Rows of one statement on PostgreSQL, which takes each column as one bind.
pub const ROWS_AN_ARRAY: usize = 2000;
pub const KEYS_A_STATEMENT: usize = 1000;

/// The keys of a list, the last one repeated up to a power of two: lists of all lengths share a few prepared
/// statements.
pub fn padded<T>(keys: &[T]) -> impl Iterator<Item = &T> {
    let missing = keys.len().next_power_of_two() - keys.len();
    keys.iter().chain(keys.last().into_iter().flat_map(move |last| std::iter::repeat_n(last, missing)))
}

/// A kind of column, by the numbers that PostgreSQL has given to it and to arrays of it for good.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    one: u32,
    array: u32,
}

/// A value that can stand in a column of many rows.
pub trait Cell<'v>: Encode<'v, Postgres> {
    const KIND: Kind;
}

macro_rules! cells {
    ($($type:ty: $one:literal in $array:literal),+ $(,)?) => {$(
        impl<'v> Cell<'v> for $type {
            const KIND: Kind = Kind { one: $one, array: $array };
        }
    )+};
}

cells! {
    bool: 16 in 1000,
    &'v [u8]: 17 in 1001,
    i64: 20 in 1016,
    &'v str: 25 in 1009,
    &'v String: 25 in 1009,
    String: 25 in 1009,
    Time: 1184 in 1185,
    Uuid: 2950 in 2951,
}

impl<'v, T: Cell<'v> + sqlx::Type<Postgres> + 'v> Cell<'v> for Option<T> {
    const KIND: Kind = T::KIND;
}

/// Rows on their way into PostgreSQL, column by column.
#[derive(Default)]
pub struct Columns {
    arrays: Vec<Column>,
    rows: i32,
    /// The column that the next value of the row goes into.
    next: usize,
    failed: Option<BoxDynError>,
}

/// One column as PostgreSQL's binary array.
struct Column {
    kind: Kind,
    rows: i32,
    has_nulls: bool,
    /// Every value with its length before it.
    values: PgArgumentBuffer,
}

impl Columns {
    /// Begins the next row; its values follow by [`Self::push_bind`].
    pub fn row(&mut self) -> &mut Self {
        self.rows += 1;
        self.next = 0;
        self
    }

    pub fn push_bind<'v, T: Cell<'v>>(&mut self, value: T) -> &mut Self {
        if self.next == self.arrays.len() {
            self.arrays.push(Column { kind: T::KIND, rows: 0, has_nulls: false, values: PgArgumentBuffer::default() });
        }
        if let Some(column) = self.arrays.get_mut(self.next)
            && let Err(e) = column.push(value)
        {
            self.failed = Some(e);
        }
        self.next += 1;
        self
    }

    /// Writes all rows into a table (`table (column, column)`).
    pub async fn insert(self, connection: &mut PgConnection, into: &str) -> Result<(), StoreError> {
        if let Some(e) = self.failed {
            return Err(sqlx::Error::Encode(e).into());
        }
        let numbers: Vec<String> = (1..=self.arrays.len()).map(|n| format!("${n}")).collect();
        let text = format!("INSERT INTO {into} SELECT * FROM UNNEST({})", numbers.join(", "));
        let mut query = sqlx::query(AssertSqlSafe(text));
        for column in self.arrays {
            query = query.bind(column);
        }
        query.execute(connection).await?;
        Ok(())
    }
}

impl Column {
    fn push<'v>(&mut self, value: impl Encode<'v, Postgres>) -> Result<(), BoxDynError> {
        self.rows += 1;
        let begins = self.values.len();
        self.values.extend_from_slice(&(-1_i32).to_be_bytes());
        if matches!(value.encode(&mut self.values)?, IsNull::Yes) {
            self.has_nulls = true;
            return Ok(());
        }
        let length = i32::try_from(self.values.len() - begins - 4)?;
        if let Some(place) = self.values.get_mut(begins..begins + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    }
}

impl sqlx::Type<Postgres> for Column {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("anyarray")
    }
}

impl Encode<'_, Postgres> for Column {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // One dimension, nulls or not, the kind of its values, how many there are, the first of which is number one.
        for number in [1, i32::from(self.has_nulls), i32::try_from(self.kind.one)?, self.rows, 1] {
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        buffer.extend_from_slice(&self.values);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(Oid(self.kind.array)))
    }
}
