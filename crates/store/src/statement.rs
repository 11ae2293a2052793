//! The dispatch: the same sqlx call on whichever database the transaction is of.

/// The text of one statement, by its file in `sql/`; with a second name, PostgreSQL's twin.
macro_rules! sql {
    ($name:literal) => {
        $crate::path::noted($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql")))
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

/// Many rows in statements of a few hundred: `insert_rows!(tx, "INSERT INTO t (a, b)", rows, |b, row| { … })`.
/// Chunks have one size, so that all but the last share a prepared statement.
macro_rules! insert_rows {
    ($tx:expr, $insert:literal, $rows:expr, |$b:ident, $row:ident| $push:block) => {
        insert_rows!($tx, $insert, $rows, |$b, $row| $push, "")
    };
    ($tx:expr, $insert:literal, $rows:expr, |$b:ident, $row:ident| $push:block, $suffix:literal) => {{
        $crate::path::noted($insert, ());
        let mut written = 0_u64;
        for chunk in $rows.chunks($crate::bulk::ROWS_A_STATEMENT) {
            written += match $tx {
                $crate::Tx::Sqlite(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(concat!($insert, " "));
                    builder.push_values(chunk, |mut $b, $row| $push).push($suffix);
                    builder.build().execute(&mut **t).await.map(|done| done.rows_affected())
                }
                $crate::Tx::Postgres(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new(concat!($insert, " "));
                    builder.push_values(chunk, |mut $b, $row| $push).push($suffix);
                    builder.build().execute(&mut **t).await.map(|done| done.rows_affected())
                }
            }
            .map_err($crate::StoreError::from)?;
        }
        written
    }};
}

/// Rows whose key is in a list, in statements of a few thousand:
/// `fetch_in!(tx, Row, "SELECT … WHERE id IN (", ids, |id| id.0, ")")`.
macro_rules! fetch_in {
    ($tx:expr, $row:ty, $head:literal, $keys:expr, |$key:ident| $bind:expr, $tail:literal) => {{
        $crate::path::noted($head, ());
        let mut rows: Vec<$row> = Vec::new();
        for chunk in $keys.chunks($crate::bulk::KEYS_A_STATEMENT) {
            match $tx {
                $crate::Tx::Sqlite(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    let mut list = builder.separated(", ");
                    for $key in chunk {
                        list.push_bind($bind);
                    }
                    builder.push($tail);
                    rows.extend(builder.build_query_as::<$row>().fetch_all(&mut **t).await?);
                }
                $crate::Tx::Postgres(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                    let mut list = builder.separated(", ");
                    for $key in chunk {
                        list.push_bind($bind);
                    }
                    builder.push($tail);
                    rows.extend(builder.build_query_as::<$row>().fetch_all(&mut **t).await?);
                }
            }
        }
        rows
    }};
}

/// Rows whose pair of keys is in a list, as a join with `(VALUES …) AS k` (columns `column1`, `column2` on both
/// databases), which both plan by index: `fetch_pairs!(tx, Row, "SELECT … FROM ", keys, " JOIN …")` where each
/// key is `(Uuid, &str)`.
macro_rules! fetch_pairs {
    ($tx:expr, $row:ty, $head:literal, $keys:expr, $join:literal) => {{
        $crate::path::noted($head, ());
        let mut rows: Vec<$row> = Vec::new();
        for chunk in $keys.chunks($crate::bulk::ROWS_A_STATEMENT) {
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
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new(concat!($head, "("));
                    builder.push_values(chunk, |mut b, (a, text)| {
                        b.push_bind(*a).push_bind(*text);
                    });
                    builder.push(concat!(") AS k ", $join));
                    rows.extend(builder.build_query_as::<$row>().fetch_all(&mut **t).await?);
                }
            }
        }
        rows
    }};
}

/// Deletes or changes rows whose key is in a list; how many.
macro_rules! execute_in {
    ($tx:expr, $head:literal, $keys:expr, |$key:ident| $bind:expr, $tail:literal) => {{
        $crate::path::noted($head, ());
        let mut written = 0_u64;
        for chunk in $keys.chunks($crate::bulk::KEYS_A_STATEMENT) {
            written += match $tx {
                $crate::Tx::Sqlite(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    let mut list = builder.separated(", ");
                    for $key in chunk {
                        list.push_bind($bind);
                    }
                    builder.push($tail);
                    builder.build().execute(&mut **t).await.map(|done| done.rows_affected())
                }
                $crate::Tx::Postgres(t) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                    let mut list = builder.separated(", ");
                    for $key in chunk {
                        list.push_bind($bind);
                    }
                    builder.push($tail);
                    builder.build().execute(&mut **t).await.map(|done| done.rows_affected())
                }
            }
            .map_err($crate::StoreError::from)?;
        }
        written
    }};
}
