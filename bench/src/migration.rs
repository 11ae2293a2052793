//! `migration`: a company whose workspaces are linked; their billing migrates by a campaign, then their users by another. Of each the
//! application is measured, with its peak of memory; the floor writes the same rows into a copy of the database as it was before, bare,
//! 1,000 workspaces a transaction. On SQLite.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use orglink_app::link::Acknowledge;
use orglink_app::user_management::{AgreeToCampaign, UsersOf, agree_to_users_campaign};
use orglink_app::{Principal, campaign};
use orglink_domain::campaign::{CampaignState, Definition};
use orglink_store::Address;
use orglink_testkit::{TestApp, TestDatabase};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

use crate::generator::Random;
use crate::import::new_world;
use crate::{Database, Figure, peak_memory};

const DAY: i64 = 24 * 60 * 60;
/// Workspaces of one organization.
const OF_ONE: usize = 10;
/// Workspaces a transaction of the floor.
const BATCH: usize = 1000;
/// Tables that are only added to.
const ADDED: [&str; 10] = [
    "billing_account",
    "billing_account_admin",
    "link_stage",
    "directory_group",
    "directory_group_member",
    "link_plan",
    "users_migration",
    "event",
    "event_payload",
    "event_pending",
];
/// Columns that are changed.
const CHANGED: [(&str, &str); 5] = [
    ("workspace", "version"),
    ("organization", "version"),
    ("user_group", "directory_group_id"),
    ("link_stage", "users_migrated_at"),
    ("campaign_decision", "state"),
];

pub async fn measure(size: usize, database: Database) -> Result<Vec<Figure>> {
    if database != Database::Sqlite {
        bail!("this one is measured on SQLite");
    }
    let world = new_world(database).await;
    let organizations = size.div_ceil(OF_ONE);
    world.import(&records(size, organizations)).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    let links = definition("links", "link", ("2025-12-01", "2026-01-03", "2026-01-04"), "0d")?;
    create(&world, &links).await?;
    finish(&world, "links").await?;

    let billing = definition("billing", "billing", ("2026-01-04", "2026-03-01", "2026-03-02"), "30d")?;
    create(&world, &billing).await?;
    let billing = migrate(&world, "billing", size).await?;

    let mut users = definition("users", "users", ("2026-03-03", "2026-05-01", "2026-05-02"), "30d")?;
    users.users.consent = orglink_domain::campaign::UsersConsent::Organization;
    create(&world, &users).await?;
    for o in 0..organizations {
        let admin = world.person(&format!("a{o}@people.example")).await;
        let request = AgreeToCampaign { digest: None, acknowledge: Acknowledge::All };
        agree_to_users_campaign(&world.app, &admin, UsersOf::Organization(&format!("o{o}")), &request).await?;
    }
    let users = migrate(&world, "users", size).await?;
    let figure = |what, (ours, floor): (f64, f64)| Figure { what, unit: "s", ours: vec![ours], floor: vec![floor] };
    Ok(vec![figure("billing of all workspaces migrates", billing), figure("users of all workspaces migrate", users)])
}

/// Each organization with two admins, who administer its workspaces as well; developers are anybody.
fn records(size: usize, organizations: usize) -> String {
    let mut random = Random::new(1);
    let mut out = String::new();
    for o in 0..organizations {
        let _ = writeln!(out, r#"{{"type":"account","email":"a{o}@people.example","name":"Admin {o}"}}"#);
        let _ = writeln!(out, r#"{{"type":"account","email":"b{o}@people.example","name":"Deputy {o}"}}"#);
    }
    for p in 0..size {
        let _ = writeln!(out, r#"{{"type":"account","email":"p{p}@people.example","name":"Person {p}"}}"#);
    }
    let admins = |o: usize| format!(r#""a{o}@people.example","b{o}@people.example""#);
    for o in 0..organizations {
        let _ = writeln!(
            out,
            r#"{{"type":"organization","slug":"o{o}","name":"Organization {o}","user_management":"centralized","admins":[{}]}}"#,
            admins(o)
        );
    }
    for w in 0..size {
        let (o, plan) = (w / OF_ONE, ["standard", "premium"][w % 2]);
        let _ = writeln!(
            out,
            r#"{{"type":"workspace","slug":"w{w}","name":"Workspace {w}","plan":"{plan}","billing_contacts":["a{o}@people.example"]}}"#
        );
        let mut people: Vec<usize> = (0..random.size(60)).map(|_| random.below(size)).collect();
        people.sort_unstable();
        people.dedup();
        let people: Vec<String> = people.iter().map(|p| format!("\"p{p}@people.example\"")).collect();
        for (slug, is_admin, members) in [("owners", true, admins(o)), ("developers", false, people.join(","))] {
            let _ = writeln!(
                out,
                r#"{{"type":"user_group","workspace":"w{w}","slug":"{slug}","name":"{slug}","is_admin":{is_admin},"repository_permission":"write","members":[{members}]}}"#
            );
        }
    }
    out
}

fn definition(name: &str, purpose: &str, days: (&str, &str, &str), notice: &str) -> Result<Definition> {
    Ok(serde_json::from_value(json!({
        "name": name, "title": name, "purpose": purpose,
        "announce_on": days.0, "link_by": days.1, "automatic_from": days.2,
        "automatic": { "minimum_notice": notice },
    }))?)
}

async fn create(world: &TestApp, definition: &Definition) -> Result<()> {
    campaign::create_campaign(&world.app, &Principal::local_operator(), definition, None).await?;
    until(world, &definition.name, CampaignState::Open).await
}

/// Goes on until a campaign stands somewhere, or has come further and waits.
async fn until(world: &TestApp, name: &str, state: CampaignState) -> Result<()> {
    loop {
        let progress = campaign::run_campaign(&world.app, &Principal::local_operator(), name).await?;
        if progress.state == state && (state != CampaignState::Open || !progress.did) {
            return Ok(());
        }
        if state == CampaignState::Open && progress.state == CampaignState::Closing {
            return Ok(());
        }
        ensure!(progress.did, "{progress:?}");
    }
}

async fn finish(world: &TestApp, name: &str) -> Result<i64> {
    loop {
        let progress = campaign::advance_campaign(&world.app, &Principal::local_operator(), name).await?;
        ensure!(progress.failed == 0, "{progress:?}");
        if progress.state == CampaignState::Done {
            return Ok(progress.to_link);
        }
        ensure!(progress.did, "{progress:?}");
    }
}

/// Decides and applies a campaign whose day comes; the seconds of the application, and those of the floor.
async fn migrate(world: &TestApp, name: &str, size: usize) -> Result<(f64, f64)> {
    world.clock.advance(60 * DAY);
    let began = Instant::now();
    until(world, name, CampaignState::Linking).await?;
    let decide = began.elapsed().as_secs_f64();
    let Address::Sqlite(path) = world.database.address() else { bail!("not SQLite") };
    let copy = TestDatabase::sqlite();
    let Address::Sqlite(before) = copy.address() else { bail!("not SQLite") };
    copy_to(&path, &before)?;
    // The most from here on.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let began = Instant::now();
    let migrated = finish(world, name).await?;
    let ours = began.elapsed().as_secs_f64();
    let peak = peak_memory("/proc/self/status").unwrap_or_default();
    ensure!(usize::try_from(migrated)? == size, "{name}: {migrated} of {size} migrated");
    let floor = replay(&path, &before, size.div_ceil(BATCH))?;
    println!(
        "{name}: {size} workspaces, decided in {decide:.1} s, migrated in {ours:.1} s ({:.0} a second), at most {peak:.0} MiB",
        size as f64 / ours
    );
    Ok((ours, floor))
}

fn copy_to(from: &Path, to: &PathBuf) -> Result<()> {
    Connection::open(from)?.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    std::fs::copy(from, to)?;
    Ok(())
}

/// What is written of one table: a statement, and the values of each row.
struct Written {
    statement: String,
    rows: Vec<Vec<Value>>,
}

/// Writes what came to be in one database into the other, in so many transactions; the seconds of that.
fn replay(after: &Path, before: &Path, transactions: usize) -> Result<f64> {
    let written = collect(after, before)?;
    let to = Connection::open(before)?;
    to.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536",
    )?;
    let began = Instant::now();
    for n in 0..transactions {
        to.execute_batch("BEGIN IMMEDIATE")?;
        for table in &written {
            let mut statement = to.prepare_cached(&table.statement)?;
            let part = |n: usize| n * table.rows.len() / transactions;
            for row in &table.rows[part(n)..part(n + 1)] {
                statement.execute(rusqlite::params_from_iter(row))?;
            }
        }
        to.execute_batch("COMMIT")?;
    }
    Ok(began.elapsed().as_secs_f64())
}

fn collect(after: &Path, before: &Path) -> Result<Vec<Written>> {
    let from = Connection::open(after)?;
    from.execute("ATTACH DATABASE ? AS was", [before.display().to_string()])?;
    let names = |text: &str| -> Result<Vec<String>> {
        Ok(from.prepare(text)?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
    };
    let mut written = Vec::new();
    let both =
        ADDED.iter().map(|table| (*table, None)).chain(CHANGED.iter().map(|(table, column)| (*table, Some(*column))));
    for (table, changed) in both {
        let columns = names(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
        let key = names(&format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"))?;
        let of = |list: &[String], say: &dyn Fn(&String) -> String, between: &str| {
            list.iter().map(say).collect::<Vec<_>>().join(between)
        };
        let same = of(&key, &|k| format!("w.{k} = t.{k}"), " AND ");
        let (statement, select, count) = match changed {
            None => {
                let all = columns.join(", ");
                let marks = of(&columns, &|_| "?".to_owned(), ", ");
                let select = format!(
                    "SELECT {all} FROM main.{table} t WHERE NOT EXISTS (SELECT 1 FROM was.{table} w WHERE {same}) ORDER BY {}",
                    key.join(", ")
                );
                (format!("INSERT INTO {table} ({all}) VALUES ({marks})"), select, columns.len())
            }
            Some(column) => {
                let at = of(&key, &|k| format!("{k} = ?"), " AND ");
                let keys = of(&key, &|k| format!("t.{k}"), ", ");
                let select = format!(
                    "SELECT t.{column}, {keys} FROM main.{table} t JOIN was.{table} w ON {same} WHERE t.{column} IS NOT w.{column} ORDER BY {keys}"
                );
                (format!("UPDATE {table} SET {column} = ? WHERE {at}"), select, key.len() + 1)
            }
        };
        let mut statement_of = from.prepare(&select)?;
        let rows = statement_of.query_map([], |r| (0..count).map(|n| r.get(n)).collect::<Result<Vec<Value>, _>>())?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        drop(statement_of);
        written.push(Written { statement, rows });
    }
    Ok(written)
}
