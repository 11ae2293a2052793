//! How values of the domain stand in columns, the same on both databases.

use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::digest::Digest;
use orglink_domain::text::UnknownWord;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef, Postgres};
use sqlx::sqlite::{Sqlite, SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Type};

use crate::StoreError;

/// A timestamp in a column: `TIMESTAMPTZ` on PostgreSQL, microseconds since 1970 as `INTEGER` on SQLite.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub Timestamp);

/// PostgreSQL counts from 2000-01-01.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl Type<Sqlite> for Time {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for Time {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<Sqlite>>::encode_by_ref(&self.0.as_micros(), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Time {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Timestamp::from_micros(<i64 as Decode<Sqlite>>::decode(value)?)))
    }
}

impl Type<Postgres> for Time {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("timestamptz")
    }
}

impl Encode<'_, Postgres> for Time {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let micros = self.0.as_micros().checked_sub(POSTGRES_EPOCH_MICROS).ok_or("time out of range")?;
        <i64 as Encode<Postgres>>::encode_by_ref(&micros, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Time {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let micros = i64::from_be_bytes(value.as_bytes()?.try_into()?);
        Ok(Self(Timestamp::from_micros(micros.checked_add(POSTGRES_EPOCH_MICROS).ok_or("time out of range")?)))
    }
}

/// Whether a name somebody asked for can stand in a column at all: PostgreSQL keeps no NUL character, so that
/// nothing is called so.
pub fn can_be_stored(name: &str) -> bool {
    !name.contains('\0')
}

/// A word of a closed list, out of a column.
pub fn word<T: std::str::FromStr<Err = UnknownWord>>(
    given: &str,
    table: &'static str,
    column: &'static str,
    id: impl std::fmt::Display,
) -> Result<T, StoreError> {
    given.parse().map_err(|_| StoreError::inconsistent(table, column, id))
}

/// A day, out of a column that keeps year, month and day as one number.
pub fn day(
    number: i64,
    table: &'static str,
    column: &'static str,
    id: impl std::fmt::Display,
) -> Result<Day, StoreError> {
    Day::numbered(number).ok_or_else(|| StoreError::inconsistent(table, column, id))
}

/// 32 bytes, out of a column.
pub fn bytes32(
    given: &[u8],
    table: &'static str,
    column: &'static str,
    id: impl std::fmt::Display,
) -> Result<[u8; 32], StoreError> {
    given.try_into().map_err(|_| StoreError::inconsistent(table, column, id))
}

/// A digest, out of a column.
pub fn digest(
    given: &[u8],
    table: &'static str,
    column: &'static str,
    id: impl std::fmt::Display,
) -> Result<Digest, StoreError> {
    bytes32(given, table, column, id).map(Digest::from_bytes)
}

/// A list of words kept in one text column, separated by spaces (never filtered on).
pub fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Back from [`joined`].
pub fn split(given: &str) -> Vec<String> {
    given.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The pattern of whatever contains a text, for `LIKE … ESCAPE '\\'` on a folded column.
pub fn containing(text: &str) -> String {
    format!("%{}%", escaped(text))
}

/// A text, folded, that stands for itself in a pattern.
pub fn escaped(text: &str) -> String {
    let mut pattern = String::new();
    for c in orglink_domain::name::fold(text).chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}
