//! The floor of `deadline`: the rows that a campaign has left in one database are written into a copy of what it began
//! with, with the reads that they need and no checks: 1,000 workspaces a transaction, by prepared statements (SQLite) or
//! COPY and one statement a table (PostgreSQL).

use std::collections::{BTreeSet, HashMap};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use orglink_store::Address;
use rusqlite::types::Value;
use uuid::Uuid;

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

/// A table that is written: its columns, what a row belongs to, and where the rows lie (RUN stands for the run's id).
struct Part {
    table: &'static str,
    columns: &'static str,
    key: &'static str,
    from: &'static str,
}

const fn part(table: &'static str, columns: &'static str, key: &'static str, from: &'static str) -> Part {
    Part { table, columns, key, from }
}

const TOLD: [Part; 3] = [
    part(
        "campaign_notice",
        "campaign_id, workspace_id, step, told_at",
        "t.workspace_id",
        "campaign_notice t ORDER BY t.workspace_id",
    ),
    part(
        "notification",
        "id, account_id, kind, content, is_urgent, position, created_at",
        "t.id",
        "notification t ORDER BY t.id",
    ),
    part(
        "mail",
        "id, account_id, address, kind, content, state, attempts, due_at, created_at",
        "t.id",
        "mail t ORDER BY t.id",
    ),
];

const DECIDED: [Part; 3] = [
    part(
        "campaign_run",
        "id, campaign_id, kind, on_at, definition, created_at, touched_at, decided_at, began_at, ended_at, batches, counts",
        "t.id",
        "campaign_run t WHERE t.id = RUN",
    ),
    part(
        "campaign_decision",
        "run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence, left_alone, state",
        "t.workspace_id",
        "(SELECT run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence, left_alone, CASE WHEN left_alone IS NULL THEN 'decided' ELSE 'left_alone' END AS state FROM campaign_decision WHERE run_id = RUN) t ORDER BY t.workspace_id",
    ),
    part(
        "campaign_group",
        "run_id, group_key, name, slug, workspaces",
        "t.run_id",
        "campaign_group t WHERE t.run_id = RUN ORDER BY t.group_key",
    ),
];

const APPLIED: [Part; 8] = [
    part(
        "organization",
        "id, slug, slug_folded, name, user_management, version, created_at",
        "t.id",
        "organization t JOIN campaign_organization c ON c.organization_id = t.id ORDER BY t.id",
    ),
    part(
        "organization_role",
        "organization_id, account_id, role",
        "t.organization_id",
        "organization_role t JOIN campaign_organization c ON c.organization_id = t.organization_id ORDER BY t.organization_id",
    ),
    part(
        "campaign_organization",
        "organization_id, run_id, group_key",
        "t.organization_id",
        "campaign_organization t ORDER BY t.organization_id",
    ),
    part(
        "link",
        "id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version, access_check, consent, undo_window_seconds, acknowledged, run_id",
        "t.workspace_id",
        "link t ORDER BY t.id",
    ),
    part(
        "workspace_reason",
        "workspace_id, code, since",
        "t.workspace_id",
        "workspace_reason t WHERE t.code = 'already_linked' ORDER BY t.workspace_id",
    ),
    part(
        "event",
        "id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment",
        "COALESCE(t.workspace_id, t.organization_id)",
        "event t WHERE t.actor_through = 'system' AND t.type IN ('workspace.linked', 'organization.created') ORDER BY t.id",
    ),
    part(
        "event_payload",
        "event_id, salt, payload",
        "COALESCE(e.workspace_id, e.organization_id)",
        "event_payload t JOIN event e ON e.id = t.event_id WHERE e.actor_through = 'system' AND e.type IN ('workspace.linked', 'organization.created') ORDER BY t.event_id",
    ),
    part(
        "event_pending",
        "event_id",
        "COALESCE(e.workspace_id, e.organization_id)",
        "event_pending t JOIN event e ON e.id = t.event_id WHERE e.actor_through = 'system' AND e.type IN ('workspace.linked', 'organization.created') ORDER BY t.event_id",
    ),
];

/// A row as it is written: its values (SQLite), or a line of COPY (PostgreSQL).
enum Row {
    Values(Vec<Value>),
    Line(String),
}

/// The rows of one transaction, table by table.
type Batch = Vec<Vec<Row>>;

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

/// Reads what a campaign has written.
pub fn collect(address: &Address) -> Result<Collected> {
    let mut from = Floor::open(address)?;
    let workspaces = usize::try_from(one(&mut from, "SELECT COUNT(*) FROM workspace")?)?;
    let pages = workspaces.div_ceil(BATCH);
    let spread = |_: Uuid, place: usize, count: usize| place * pages / count;
    let told = batches(&mut from, &TOLD, None, pages, &spread)?;
    let mut decided = |kind: &str| -> Result<(Uuid, Vec<Batch>)> {
        let run = ids(&mut from, &format!("SELECT id FROM campaign_run WHERE kind = '{kind}'"))?;
        let run = *run.first().context("no run")?;
        // The run goes before its decisions, the groups lie anywhere.
        let rows = batches(&mut from, &DECIDED, Some(run), pages, &spread)?;
        Ok((run, rows))
    };
    let (_, rehearsed) = decided("rehearsal")?;
    let (run, decided) = decided("real")?;

    let made: BTreeSet<Uuid> =
        ids(&mut from, "SELECT organization_id FROM campaign_organization")?.into_iter().collect();
    let links = links(&mut from)?;
    let mut linked: Vec<Linked> = Vec::new();
    let mut places: HashMap<Uuid, usize> = HashMap::with_capacity(links.len() * 2);
    for (wave, workspace, organization) in links {
        let is_full = linked.last().is_none_or(|last| last.wave != wave || last.workspaces.len() == BATCH);
        if is_full {
            linked.push(Linked { run, wave, workspaces: vec![], organizations: vec![] });
        }
        let place = linked.len() - 1;
        let last = &mut linked[place];
        last.workspaces.push(workspace);
        places.insert(workspace, place);
        if made.contains(&organization) {
            places.entry(organization).or_insert(place);
        } else {
            last.organizations.push(organization);
        }
    }
    let applied = batches(&mut from, &APPLIED, None, linked.len(), &|key, _, _| places[&key])?;
    Ok(Collected { told, rehearsed, decided, applied, linked })
}

fn links(from: &mut Floor) -> Result<Vec<(i64, Uuid, Uuid)>> {
    let text = "SELECT d.wave, l.workspace_id, l.organization_id FROM link l JOIN campaign_decision d ON d.workspace_id = l.workspace_id AND d.run_id = l.run_id ORDER BY d.wave, l.workspace_id";
    Ok(match from {
        Floor::Sqlite(connection) => {
            let mut statement = connection.prepare(text)?;
            let rows = statement.query_map([], |r| {
                Ok((r.get(0)?, Uuid::from_bytes(r.get::<_, [u8; 16]>(1)?), Uuid::from_bytes(r.get::<_, [u8; 16]>(2)?)))
            })?;
            rows.collect::<Result<_, _>>()?
        }
        Floor::Postgres(client) => client.query(text, &[])?.iter().map(|r| (r.get(0), r.get(1), r.get(2))).collect(),
    })
}

fn one(from: &mut Floor, text: &str) -> Result<i64> {
    Ok(match from {
        Floor::Sqlite(connection) => connection.query_row(text, [], |r| r.get(0))?,
        Floor::Postgres(client) => client.query_one(text, &[])?.get(0),
    })
}

fn ids(from: &mut Floor, text: &str) -> Result<Vec<Uuid>> {
    Ok(match from {
        Floor::Sqlite(connection) => {
            let mut statement = connection.prepare(text)?;
            let rows = statement.query_map([], |r| Ok(Uuid::from_bytes(r.get::<_, [u8; 16]>(0)?)))?;
            rows.collect::<Result<_, _>>()?
        }
        Floor::Postgres(client) => client.query(text, &[])?.iter().map(|r| r.get(0)).collect(),
    })
}

/// The rows of some tables, each in the transaction that it belongs to.
fn batches(
    from: &mut Floor,
    parts: &[Part],
    run: Option<Uuid>,
    count: usize,
    place: &dyn Fn(Uuid, usize, usize) -> usize,
) -> Result<Vec<Batch>> {
    let mut all: Vec<Batch> = (0..count).map(|_| parts.iter().map(|_| Vec::new()).collect()).collect();
    for (n, part) in parts.iter().enumerate() {
        let columns: Vec<String> = part.columns.split(", ").map(|column| format!("t.{column}")).collect();
        let literal = match (&*from, run) {
            (_, None) => String::new(),
            (Floor::Sqlite(_), Some(run)) => format!("x'{}'", run.simple()),
            (Floor::Postgres(_), Some(run)) => format!("'{run}'"),
        };
        let text = format!("SELECT {}, {} FROM {}", part.key, columns.join(", "), part.from.replace("RUN", &literal));
        let rows = rows(from, &text, columns.len())?;
        let total = rows.len();
        for (at, (key, row)) in rows.into_iter().enumerate() {
            all[place(key, at, total)][n].push(row);
        }
    }
    Ok(all)
}

fn rows(from: &mut Floor, text: &str, columns: usize) -> Result<Vec<(Uuid, Row)>> {
    match from {
        Floor::Sqlite(connection) => {
            let mut statement = connection.prepare(text)?;
            let rows = statement.query_map([], |r| {
                let values = (1..=columns).map(|n| r.get(n)).collect::<Result<_, _>>()?;
                Ok((Uuid::from_bytes(r.get::<_, [u8; 16]>(0)?), Row::Values(values)))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        }
        Floor::Postgres(client) => {
            let mut lines = String::new();
            client.copy_out(&format!("COPY ({text}) TO STDOUT"))?.read_to_string(&mut lines)?;
            let of = |line: &str| {
                let (key, line) = line.split_once('\t').context("a line without a key")?;
                Ok((key.parse()?, Row::Line(line.to_owned())))
            };
            lines.lines().map(of).collect()
        }
    }
}

const NEXT: &str = include_str!("../../crates/store/sql/campaign/list_workspaces.sql");
const REASONS: &str = include_str!("../../crates/store/sql/campaign/list_reasons.sql");
const ADMINS: &str = include_str!("../../crates/store/sql/campaign/list_admins.sql");
const CONTACTS: &str = include_str!("../../crates/store/sql/campaign/list_billing_contacts.sql");
const ORGANIZATIONS: &str = include_str!("../../crates/store/sql/campaign/list_organizations.sql");
const WAITING: &str = include_str!("../../crates/store/sql/campaign/list_waiting.sql");
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
            client.query(WAITING, &[&linked.run, &linked.wave, &limit])?;
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
