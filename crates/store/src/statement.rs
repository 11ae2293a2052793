//! The dispatch: the same sqlx call on whichever database the transaction is of.

/// The text of one statement, by its file in `sql/`.
macro_rules! sql {
    ($name:literal) => {
        $crate::path::noted($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql")))
    };
}

/// The same where PostgreSQL has a twin of its own.
macro_rules! twin {
    ($tx:expr, $name:literal) => {
        match $tx {
            $crate::Tx::Sqlite(_) => sql!($name),
            $crate::Tx::Postgres(_) => $crate::path::noted(
                $name,
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".postgres.sql")),
            ),
        }
    };
}

macro_rules! on_both {
    ($tx:expr, $conn:ident => $call:expr) => {
        match $tx {
            $crate::Tx::Sqlite(t) => {
                let $conn = &mut **t;
                $call.await
            }
            $crate::Tx::Postgres(t) => {
                let $conn = &mut **t;
                $call.await
            }
        }
        .map_err($crate::StoreError::from)
    };
}

/// All rows, as a `Vec` of tuples.
macro_rules! fetch_all {
    ($tx:expr, $sql:expr, $row:ty $(, $bind:expr)* $(,)?) => {
        on_both!($tx, conn => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(conn))
    };
}

/// The row, or nothing.
macro_rules! fetch_optional {
    ($tx:expr, $sql:expr, $row:ty $(, $bind:expr)* $(,)?) => {
        on_both!($tx, conn => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(conn))
    };
}

/// The one row there always is.
macro_rules! fetch_one {
    ($tx:expr, $sql:expr, $row:ty $(, $bind:expr)* $(,)?) => {
        on_both!($tx, conn => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_one(conn))
    };
}

/// How many rows were written.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Sqlite(t) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **t).await.map(|done| done.rows_affected())
            }
            $crate::Tx::Postgres(t) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **t).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::StoreError::from)
    };
}

/// Many rows, a few hundred a statement on SQLite, an array a column on PostgreSQL:
/// `insert_all!(tx, "t (a, b)", rows, |b, row| { b.push_bind(row.a).push_bind(row.b); })`.
macro_rules! insert_all {
    ($tx:expr, $into:literal, $rows:expr, |$b:ident, $row:ident| $push:block) => {{
        $crate::path::noted($into, ());
        match $tx {
            $crate::Tx::Sqlite(t) => {
                for chunk in $rows.chunks($crate::bulk::ROWS_A_STATEMENT) {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(concat!("INSERT INTO ", $into, " "));
                    builder.push_values(chunk, |mut $b, $row| $push);
                    builder.build().execute(&mut **t).await?;
                }
            }
            $crate::Tx::Postgres(t) => {
                for chunk in $rows.chunks($crate::bulk::ROWS_AN_ARRAY) {
                    let mut columns = $crate::bulk::Columns::default();
                    for $row in chunk {
                        let $b = columns.row();
                        $push
                    }
                    columns.insert(&mut **t, $into).await?;
                }
            }
        }
    }};
}

/// Rows whose key is in a list, which both databases look up by index:
/// `fetch_by_keys!(tx, Row, "SELECT … WHERE id", ids, |id| id.0, "ORDER BY id")`.
macro_rules! fetch_by_keys {
    ($tx:expr, $row:ty, $head:literal, $keys:expr, |$key:ident| $bind:expr, $tail:literal) => {{
        $crate::path::noted($head, ());
        let mut rows: Vec<$row> = Vec::new();
        for chunk in $keys.chunks($crate::bulk::KEYS_A_STATEMENT) {
            match $tx {
                $crate::Tx::Sqlite(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(concat!($head, " IN ("));
                    let mut list = builder.separated(", ");
                    for $key in $crate::bulk::padded(chunk) {
                        list.push_bind($bind);
                    }
                    builder.push(concat!(") ", $tail));
                    rows.extend(builder.build_query_as::<$row>().fetch_all(&mut **t).await?);
                }
                $crate::Tx::Postgres(t) => {
                    let keys: Vec<_> = chunk.iter().map(|$key| $bind).collect();
                    let query = sqlx::query_as::<_, $row>(concat!($head, " = ANY($1) ", $tail));
                    rows.extend(query.bind(keys).fetch_all(&mut **t).await?);
                }
            }
        }
        rows
    }};
}

/// Rows whose pair of keys is in a list, as a join with a list `k` of `column1` and `column2`, which both plan by
/// index: `fetch_by_pairs!(tx, Row, "SELECT … FROM ", keys, " JOIN …")` where each key is `(Uuid, &str)`.
macro_rules! fetch_by_pairs {
    ($tx:expr, $row:ty, $head:literal, $keys:expr, $join:literal) => {{
        $crate::path::noted($head, ());
        let mut rows: Vec<$row> = Vec::new();
        for chunk in $keys.chunks($crate::bulk::KEYS_A_STATEMENT) {
            match $tx {
                $crate::Tx::Sqlite(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(concat!($head, "("));
                    builder.push_values(chunk, |mut b, (a, text)| {
                        b.push_bind(*a).push_bind(*text);
                    });
                    builder.push(concat!(") AS k ", $join));
                    rows.extend(builder.build_query_as::<$row>().fetch_all(&mut **t).await?);
                }
                $crate::Tx::Postgres(t) => {
                    let (ids, texts): (Vec<_>, Vec<_>) = chunk.iter().copied().unzip();
                    let text = concat!($head, "UNNEST($1, $2) AS k (column1, column2) ", $join);
                    rows.extend(sqlx::query_as::<_, $row>(text).bind(ids).bind(texts).fetch_all(&mut **t).await?);
                }
            }
        }
        rows
    }};
}

/// Deletes or changes rows whose key is in a list:
/// `execute_by_keys!(tx, "DELETE FROM t WHERE id", ids, |id| id.0)`.
macro_rules! execute_by_keys {
    ($tx:expr, $head:literal, $keys:expr, |$key:ident| $bind:expr) => {{
        $crate::path::noted($head, ());
        for chunk in $keys.chunks($crate::bulk::KEYS_A_STATEMENT) {
            match $tx {
                $crate::Tx::Sqlite(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(concat!($head, " IN ("));
                    let mut list = builder.separated(", ");
                    for $key in $crate::bulk::padded(chunk) {
                        list.push_bind($bind);
                    }
                    builder.push(")");
                    builder.build().execute(&mut **t).await?;
                }
                $crate::Tx::Postgres(t) => {
                    let keys: Vec<_> = chunk.iter().map(|$key| $bind).collect();
                    sqlx::query(concat!($head, " = ANY($1)")).bind(keys).execute(&mut **t).await?;
                }
            }
        }
    }};
}
