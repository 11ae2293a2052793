//! Reads what a campaign has left, in the transactions that the floor writes it in.

use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;

use anyhow::{Context as _, Result};
use orglink_store::Address;
use uuid::Uuid;

use super::tables::{APPLIED, DECIDED, Part, TOLD};
use super::{BATCH, Batch, Collected, Linked, Row, one};
use crate::floor::Floor;

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

/// Reads the rows of some tables, spread evenly over so many transactions.
pub fn collect_rows(address: &Address, parts: &[Part], pages: usize) -> Result<Vec<Batch>> {
    let mut from = Floor::open(address)?;
    batches(&mut from, parts, None, pages, &|_, place, count| place * pages / count)
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
