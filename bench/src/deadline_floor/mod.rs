//! The floor of `deadline`: the rows that a campaign has left in one database are written into a copy of what it began
//! with, with the reads that they need and no checks: 1,000 workspaces a transaction, by prepared statements (SQLite) or
//! COPY and one statement a table (PostgreSQL).

mod collect;
mod tables;

use std::io::Write as _;
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::Result;
use orglink_store::Address;
use rusqlite::types::Value;
use uuid::Uuid;

pub use self::collect::{collect, collect_rows};
use self::tables::{APPLIED, DECIDED, TOLD};
pub use self::tables::{BILLED, BILLED_ACCOUNTS, BILLED_LINES, MIGRATED, MIGRATED_ACCOUNTS, Part};
use crate::floor::Floor;

/// Workspaces a transaction.
const BATCH: usize = 1000;

/// Seconds of each part.
#[derive(Debug)]
pub struct Taken {
    pub tell: f64,
    pub rehearse: f64,
    pub decide: f64,
    pub apply: f64,
}

/// A row as it is written: its values (SQLite), or a line of COPY (PostgreSQL).
pub enum Row {
    Values(Vec<Value>),
    Line(String),
}

/// The rows of one transaction, table by table.
pub type Batch = Vec<Vec<Row>>;

/// What is linked in one transaction.
struct Linked {
    run: Uuid,
    wave: i64,
    workspaces: Vec<Uuid>,
    /// Organizations that were there before.
    organizations: Vec<Uuid>,
}

/// Everything that a campaign has written.
pub struct Collected {
    told: Vec<Batch>,
    rehearsed: Vec<Batch>,
    decided: Vec<Batch>,
    applied: Vec<Batch>,
    linked: Vec<Linked>,
}

fn one(from: &mut Floor, text: &str) -> Result<i64> {
    Ok(match from {
        Floor::Sqlite(connection) => connection.query_row(text, [], |r| r.get(0))?,
        Floor::Postgres(client) => client.query_one(text, &[])?.get(0),
    })
}

const NEXT: &str = include_str!("../../../crates/store/sql/campaign/list_workspaces.sql");
const REASONS: &str = include_str!("../../../crates/store/sql/campaign/list_reasons.sql");
const ADMINS: &str = include_str!("../../../crates/store/sql/campaign/list_admins.sql");
const CONTACTS: &str = include_str!("../../../crates/store/sql/campaign/list_billing_contacts.sql");
const ORGANIZATIONS: &str = include_str!("../../../crates/store/sql/campaign/list_organizations.sql");
const WAITING: &str = include_str!("../../../crates/store/sql/campaign/list_waiting.sql");
const WAITING_POSTGRES: &str = include_str!("../../../crates/store/sql/campaign/list_waiting.postgres.sql");
const GROUPS: &str = "SELECT workspace_id, id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default FROM user_group WHERE workspace_id = $1";
const MEMBERS: &str = "SELECT m.workspace_id, m.user_group_id, a.id, a.email_folded, a.is_verified, a.is_suspended FROM user_group_member m JOIN account a ON a.id = m.account_id WHERE m.workspace_id = $1";

/// Writes it all, part by part, into a database in the state before; how long each took.
pub fn replay(address: &Address, all: &Collected, at: i64) -> Result<Taken> {
    let mut to = Floor::open(address)?;
    let tell = pages(&mut to, &TOLD, &all.told, &[REASONS, ADMINS], at)?;
    let facts = [REASONS, ADMINS, CONTACTS, ORGANIZATIONS];
    let rehearse = pages(&mut to, &DECIDED, &all.rehearsed, &facts, at)?;
    let decide = pages(&mut to, &DECIDED, &all.decided, &facts, at)?;
    let began = Instant::now();
    for (batch, linked) in all.applied.iter().zip(&all.linked) {
        read_linked(&mut to, linked)?;
        write(&mut to, &APPLIED, batch, Some(linked))?;
    }
    let taken = Taken { tell, rehearse, decide, apply: began.elapsed().as_secs_f64() };
    let links = one(&mut to, "SELECT COUNT(*) FROM link")?;
    println!("the floor: {links} links in {} transactions; {taken:.2?}", all.linked.len());
    Ok(taken)
}

/// Rows that were read elsewhere, a page a transaction; the seconds it took.
pub fn replay_rows(address: &Address, all: &[(&[Part], Vec<Batch>)]) -> Result<f64> {
    let mut to = Floor::open(address)?;
    let began = Instant::now();
    for (parts, batches) in all {
        for batch in batches {
            write(&mut to, parts, batch, None)?;
        }
    }
    Ok(began.elapsed().as_secs_f64())
}

/// Reads the workspaces page by page, with what hangs on them, and writes what belongs to each page.
fn pages(to: &mut Floor, parts: &[Part], all: &[Batch], reads: &[&str], at: i64) -> Result<f64> {
    let began = Instant::now();
    let mut after = Uuid::nil();
    for batch in all {
        let last = read_page(to, after, reads, at)?;
        write(to, parts, batch, None)?;
        after = last.unwrap_or(after);
    }
    Ok(began.elapsed().as_secs_f64())
}

fn read_page(from: &mut Floor, after: Uuid, reads: &[&str], at: i64) -> Result<Option<Uuid>> {
    let limit = i64::try_from(BATCH)?;
    match from {
        Floor::Sqlite(connection) => {
            let mut last = None;
            let mut next = connection.prepare_cached(NEXT)?;
            let mut rows = next.query(rusqlite::params![after.as_bytes(), limit])?;
            while let Some(row) = rows.next()? {
                let _: (String, String) = (row.get(1)?, row.get(2)?);
                last = Some(Uuid::from_bytes(row.get(0)?));
            }
            let Some(to) = last else { return Ok(None) };
            for text in reads {
                let mut statement = connection.prepare_cached(text)?;
                statement.raw_bind_parameter(1, after.as_bytes())?;
                statement.raw_bind_parameter(2, to.as_bytes())?;
                if statement.parameter_count() == 3 {
                    statement.raw_bind_parameter(3, at)?;
                }
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    let _: Value = row.get(1)?;
                }
            }
            Ok(last)
        }
        Floor::Postgres(client) => {
            let rows = client.query(NEXT, &[&after, &limit])?;
            let Some(last) = rows.last().map(|row| row.get::<_, Uuid>(0)) else { return Ok(None) };
            for text in reads {
                let at = UNIX_EPOCH + Duration::from_micros(u64::try_from(at)?);
                if *text == ORGANIZATIONS {
                    client.query(*text, &[&after, &last, &at])?;
                } else {
                    client.query(*text, &[&after, &last])?;
                }
            }
            Ok(Some(last))
        }
    }
}

/// What is read to link: the decisions with their workspaces, and everybody in them with what they may do.
fn read_linked(from: &mut Floor, linked: &Linked) -> Result<()> {
    let limit = i64::try_from(linked.workspaces.len())?;
    match from {
        Floor::Sqlite(connection) => {
            let mut waiting = connection.prepare_cached(WAITING)?;
            let mut rows = waiting.query(rusqlite::params![linked.run.as_bytes(), linked.wave, limit])?;
            while let Some(row) = rows.next()? {
                let _: (String, String) = (row.get(11)?, row.get(12)?);
            }
            for text in [GROUPS, MEMBERS] {
                let mut statement = connection.prepare_cached(text)?;
                for id in &linked.workspaces {
                    let mut rows = statement.query([id.as_bytes()])?;
                    while let Some(row) = rows.next()? {
                        let _: (Value, Value) = (row.get(1)?, row.get(3)?);
                    }
                }
            }
        }
        Floor::Postgres(client) => {
            client.query(WAITING_POSTGRES, &[&linked.run, &linked.wave, &limit])?;
            for text in [GROUPS, MEMBERS] {
                client.query(&text.replace("= $1", "= ANY($1)"), &[&linked.workspaces])?;
            }
        }
    }
    Ok(())
}

/// One transaction: the rows, then what is changed.
fn write(to: &mut Floor, parts: &[Part], batch: &Batch, linked: Option<&Linked>) -> Result<()> {
    const MARK: &str = "UPDATE campaign_decision SET state = 'linked' WHERE run_id = $1 AND wave = $2 AND workspace_id >= $3 AND workspace_id <= $4 AND state = 'decided'";
    match to {
        Floor::Sqlite(connection) => {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for (part, rows) in parts.iter().zip(batch) {
                let marks = vec!["?"; part.columns.split(", ").count()].join(",");
                let mut insert = connection
                    .prepare_cached(&format!("INSERT INTO {} ({}) VALUES ({marks})", part.table, part.columns))?;
                for row in rows {
                    if let Row::Values(values) = row {
                        insert.execute(rusqlite::params_from_iter(values))?;
                    }
                }
            }
            if let Some(linked) = linked {
                for (table, ids) in [("workspace", &linked.workspaces), ("organization", &linked.organizations)] {
                    let text = format!("UPDATE {table} SET version = version + 1 WHERE id = ?");
                    let mut raise = connection.prepare_cached(&text)?;
                    for id in ids {
                        raise.execute([id.as_bytes()])?;
                    }
                }
                let (first, last) = (linked.workspaces.first(), linked.workspaces.last());
                if let (Some(first), Some(last)) = (first, last) {
                    connection.prepare_cached(MARK)?.execute(rusqlite::params![
                        linked.run.as_bytes(),
                        linked.wave,
                        first.as_bytes(),
                        last.as_bytes()
                    ])?;
                }
            }
            connection.execute_batch("COMMIT")?;
        }
        Floor::Postgres(client) => {
            let mut tx = client.transaction()?;
            for (part, rows) in parts.iter().zip(batch).filter(|(_, rows)| !rows.is_empty()) {
                let mut writer = tx.copy_in(&format!("COPY {} ({}) FROM STDIN", part.table, part.columns))?;
                for row in rows {
                    if let Row::Line(line) = row {
                        writer.write_all(line.as_bytes())?;
                        writer.write_all(b"\n")?;
                    }
                }
                writer.finish()?;
            }
            if let Some(linked) = linked {
                for (table, ids) in [("workspace", &linked.workspaces), ("organization", &linked.organizations)] {
                    tx.execute(&format!("UPDATE {table} SET version = version + 1 WHERE id = ANY($1)"), &[ids])?;
                }
                if let (Some(first), Some(last)) = (linked.workspaces.first(), linked.workspaces.last()) {
                    tx.execute(MARK, &[&linked.run, &linked.wave, first, last])?;
                }
            }
            tx.commit()?;
        }
    }
    Ok(())
}
