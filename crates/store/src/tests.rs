//! Rules about the schema and the statements, held on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use crate::{Address, Db, Tx};

/// Statements that stand in `sql/`, by name, for one database.
fn statements(is_postgres: bool) -> BTreeMap<String, String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let mut found = BTreeMap::new();
    for path in files {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let twin = name.ends_with(".postgres.sql");
        let name = name.trim_end_matches(".sql").trim_end_matches(".postgres").to_owned();
        if twin == is_postgres || !found.contains_key(&name) {
            found.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

async fn sqlite(folder: &Path) -> Db {
    let db = Db::open(&Address::Sqlite(folder.join("t.db"))).await.unwrap();
    db.migrate().await.unwrap();
    db
}

/// A database named after the test's process; skipped with a line where no PostgreSQL is at hand.
async fn postgres(name: &str) -> Option<Db> {
    let db = empty_postgres(name).await?;
    db.migrate().await.unwrap();
    Some(db)
}

async fn empty_postgres(name: &str) -> Option<Db> {
    let Ok(server) = std::env::var("ORGLINK_TEST_POSTGRES") else {
        println!("skipped on PostgreSQL: ORGLINK_TEST_POSTGRES is not set; `cargo xtask test` sets it");
        return None;
    };
    let admin = Db::open(&Address::Postgres(format!("{server}/postgres"))).await.unwrap();
    let Db::Postgres(pool) = &admin else { unreachable!() };
    let name = format!("store_{name}_{}", std::process::id());
    pool.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).into_sql_str()).await.unwrap();
    pool.execute(AssertSqlSafe(format!("CREATE DATABASE {name}")).into_sql_str()).await.unwrap();
    Some(Db::open(&Address::Postgres(format!("{server}/{name}"))).await.unwrap())
}

#[tokio::test]
async fn every_statement_prepares_on_both() {
    let folder = tempfile::tempdir().unwrap();
    let Tx::Sqlite(mut tx) = sqlite(folder.path()).await.begin_write().await.unwrap() else { unreachable!() };
    let all = statements(false);
    assert!(all.len() > 100);
    for (name, text) in all {
        let prepared = (&mut *tx).prepare(AssertSqlSafe(text).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name} on SQLite: {prepared:?}");
    }
    let Some(db) = postgres("prepare").await else { return };
    let Tx::Postgres(mut tx) = db.begin_write().await.unwrap() else { unreachable!() };
    for (name, text) in statements(true) {
        let prepared = (&mut *tx).prepare(AssertSqlSafe(text).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name} on PostgreSQL: {prepared:?}");
    }
}

#[test]
fn statements_keep_to_what_both_databases_mean_alike() {
    for (name, text) in statements(false) {
        let upper = text.to_uppercase();
        for word in ["NOW()", "CURRENT_TIMESTAMP", "ILIKE", "LOWER(", "UPPER(", "FOR UPDATE", "USING ("] {
            assert!(!upper.contains(word), "{name} says {word}");
        }
    }
}

/// Tables with their columns and whether each may be empty, tables with their indexes' columns.
type Shape = (BTreeMap<String, Vec<(String, bool)>>, BTreeMap<String, Vec<String>>);

#[tokio::test]
async fn both_schemas_have_the_same_shape() {
    let folder = tempfile::tempdir().unwrap();
    let Tx::Sqlite(mut tx) = sqlite(folder.path()).await.begin_read().await.unwrap() else { unreachable!() };
    let columns: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT t.name, c.name, c.\"notnull\" = 0 FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, i.\"unique\" || ':' || i.partial || ':' || (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) FROM sqlite_master t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin <> 'pk' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    let keys: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, f.\"from\" || '>' || f.\"table\" || ':' || f.on_delete FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert!(
        keys.iter().all(|(_, rule)| !rule.ends_with("NO ACTION")),
        "every foreign key states its delete rule: {keys:?}"
    );
    let strict: Vec<(String,)> = sqlx::query_as("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(strict, vec![], "SQLite tables are STRICT");
    let ours = shape(columns, &indexes, &keys);

    let Some(db) = postgres("shape").await else { return };
    let Tx::Postgres(mut tx) = db.begin_read().await.unwrap() else { unreachable!() };
    let columns: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.relname::text, i.indisunique::int || ':' || (i.indpred IS NOT NULL)::int || ':' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public' AND NOT i.indisprimary AND t.relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    let keys: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.conrelid::regclass::text, a.attname || '>' || c.confrelid::regclass::text || ':' || CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert_eq!(ours, shape(columns, &indexes, &keys));
}

fn shape(columns: Vec<(String, String, bool)>, indexes: &[(String, String)], keys: &[(String, String)]) -> Shape {
    let mut tables: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for (table, column, may_be_empty) in columns {
        tables.entry(table).or_default().push((column, may_be_empty));
    }
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, index) in indexes.iter().chain(keys) {
        rules.entry(table.clone()).or_default().push(index.clone());
    }
    for list in tables.values_mut() {
        list.sort();
    }
    for list in rules.values_mut() {
        list.sort();
    }
    (tables, rules)
}

/// Rows that were written on the first schema are there, unchanged, on the newest.
async fn upgrades(db: &Db) {
    use orglink_domain::id::OrganizationId;
    use orglink_domain::organization::{Organization, UserManagement};

    let kept = Organization {
        id: OrganizationId(uuid::Uuid::from_u128(7)),
        slug: "Early".to_owned(),
        name: "Early & Co".to_owned(),
        user_management: UserManagement::Original,
        link_quota: Some(3),
        identity_provider: None,
        version: 1,
        created_at: "2026-01-05T09:00:00Z".parse().unwrap(),
    };
    db.migrate_to(1).await.unwrap();
    assert!(matches!(db.check_schema().await, Err(crate::StoreError::OlderSchema { found: 1, .. })));
    let mut tx = db.begin_write().await.unwrap();
    assert!(crate::organization::create(&mut tx, &kept).await.unwrap());
    tx.commit().await.unwrap();

    db.migrate().await.unwrap();
    db.migrate().await.unwrap();
    db.check_schema().await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    assert_eq!(crate::organization::find_by_reference(&mut tx, "early").await.unwrap(), Some(kept));
}

#[tokio::test]
async fn the_first_schema_is_brought_up_to_date_with_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    upgrades(&Db::open(&Address::Sqlite(folder.path().join("old.db"))).await.unwrap()).await;
    if let Some(db) = empty_postgres("upgrade").await {
        upgrades(&db).await;
    }
}

/// SQLite changes what is unique only with the whole table: what was in a directory, and attached to it, is there afterwards.
#[tokio::test]
async fn a_directory_keeps_its_members_and_what_is_attached_when_its_table_changes() {
    use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
    use uuid::Uuid;

    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&Address::Sqlite(folder.path().join("before.db"))).await.unwrap();
    db.migrate_to(21).await.unwrap();
    let Tx::Sqlite(mut tx) = db.begin_write().await.unwrap() else { unreachable!() };
    let id = |n: u128| format!("X'{n:032x}'");
    let [account, organization, workspace, group, user_group] = [1, 2, 3, 4, 5].map(id);
    for statement in [
        format!(
            "INSERT INTO account (id, email, email_folded, name, is_verified, is_robot, is_operator, created_at, is_suspended) VALUES ({account}, 'a@b.example', 'a@b.example', 'A', 1, 0, 0, 1, 0)"
        ),
        format!(
            "INSERT INTO organization (id, slug, slug_folded, name, user_management, version, created_at) VALUES ({organization}, 'o', 'o', 'O', 'centralized', 1, 1)"
        ),
        format!(
            "INSERT INTO workspace (id, slug, slug_folded, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, access_salt, created_at) VALUES ({workspace}, 'w', 'w', 'W', 'a', 'team', 'free', 'monthly', 'active', 0, 0, 1, X'00', 1)"
        ),
        format!(
            "INSERT INTO directory_group (id, organization_id, slug, slug_folded, name, created_at) VALUES ({group}, {organization}, 'Devs', 'devs', 'Devs', 1)"
        ),
        format!("INSERT INTO directory_group_member VALUES ({group}, {account})"),
        format!(
            "INSERT INTO user_group (id, workspace_id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default, directory_group_id) VALUES ({user_group}, {workspace}, 'devs', 'devs', 'Devs', 0, 'none', '', 0, {group})"
        ),
        format!(
            "INSERT INTO user_group_member (user_group_id, account_id, workspace_id) VALUES ({user_group}, {account}, {workspace})"
        ),
    ] {
        (&mut *tx).execute(AssertSqlSafe(statement).into_sql_str()).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.migrate().await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let found =
        crate::directory::find(&mut tx, OrganizationId(Uuid::from_u128(2)).into(), "DEVS").await.unwrap().unwrap();
    assert!(crate::directory::is_member(&mut tx, found.id, AccountId(Uuid::from_u128(1))).await.unwrap());
    let attached = crate::directory::list_attached(&mut tx, found.id).await.unwrap();
    assert_eq!(attached.iter().map(|a| a.workspace_id).collect::<Vec<_>>(), [WorkspaceId(Uuid::from_u128(3))]);
    assert_eq!(crate::directory::find_any_apart(&mut tx).await.unwrap(), None);
}
