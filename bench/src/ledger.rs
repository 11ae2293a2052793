//! `ledger`: taking events into the transparency log, and proving that one is in it. `--size` counts events.
//!
//! The floor reads the same rows by one prepared statement, hashes as many bytes a leaf, and writes the same tiles in the same
//! batches; it neither builds the leaf's JSON, nor looks at what was signed before, nor signs.

use std::time::Instant;

use anyhow::{Result, anyhow};
use orglink_app::ledger::{integrate_all, prove_inclusion};
use orglink_app::upkeep;
use orglink_domain::clock::{IdSource as _, Timestamp};
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::ledger::{Edge, Tile, hash_leaf};
use orglink_store::event::{Origin, append_all};
use orglink_store::{Address, in_write};
use orglink_testkit::TestApp;
use serde_json::json;
use uuid::Uuid;

use crate::import::new_world;
use crate::{Database, Figure};

/// How many events one transaction takes in, as ours does.
const BATCH: i64 = 8192;
const PROOFS: usize = 1000;

pub async fn measure(size: usize, database: Database) -> Result<Vec<Figure>> {
    let world = new_world(database).await;
    let began = Instant::now();
    happen(&world, size).await?;
    println!("{size} events written and placed in {:.1} s", began.elapsed().as_secs_f64());
    let count = i64::try_from(size)?;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = |began: Instant| size as f64 / began.elapsed().as_secs_f64();

    let mut take_in = Figure { what: "events taken in a second", unit: "/s", ours: vec![], floor: vec![] };
    let mut prove = Figure { what: "one proof of inclusion", unit: "ms", ours: vec![], floor: vec![] };
    let address = world.database.address();
    let began = Instant::now();
    integrate_all(&world.app).await.map_err(|e| anyhow!("{e}"))?;
    take_in.ours.push(rate(began));
    let at = address.clone();
    take_in.floor.push(beside(move || {
        let mut floor = Floor::open(&at)?;
        let began = Instant::now();
        floor.take_in(count)?;
        Ok(rate(began))
    })?);

    let at = address.clone();
    prove.floor = beside(move || {
        let mut floor = Floor::open(&at)?;
        positions(count).map(|position| timed(|| floor.prove(position))).collect()
    })?;
    for position in positions(count) {
        let began = Instant::now();
        prove_inclusion(&world.app, position).await.map_err(|e| anyhow!("{e}"))?;
        prove.ours.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(vec![take_in, prove])
}

/// The floors' clients bring a runtime of their own.
fn beside<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| scope.spawn(work).join().map_err(|_| anyhow!("the floor stopped"))?)
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// Positions all over the log, the same for both.
fn positions(count: i64) -> impl Iterator<Item = i64> {
    let mut state = 1_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % count + 1
    })
    .take(PROOFS)
}

/// So many events, as a campaign's links write them.
async fn happen(world: &TestApp, size: usize) -> Result<()> {
    let at: Timestamp = world.app.now();
    let ids = orglink_app::system::SystemIds::default();
    let origin = Origin { actor: Actor::SYSTEM, at, ids: &ids };
    let mut left = size;
    while left > 0 {
        let events: Vec<(NewEvent, Option<i64>)> = (0..left.min(5000))
            .map(|n| {
                let workspace_id = Some(orglink_domain::id::WorkspaceId(ids.next(at)));
                let payload = json!({ "link": n.to_string(), "organization": { "slug": "meridian" } });
                (NewEvent { kind: EventType::WorkspaceLinked, organization_id: None, workspace_id, payload }, Some(1))
            })
            .collect();
        in_write!(world.app.db, tx, { append_all(tx, origin, &events).await })?;
        left -= events.len();
        upkeep::sequence_all(&world.app).await.map_err(|e| anyhow!("{e}"))?;
    }
    Ok(())
}

const ENTRIES: &str = include_str!("../../crates/store/sql/ledger/list_entries.sql");
const LOG: &str = include_str!("../../crates/store/sql/ledger/find_current.sql");
const TILE: &str = "SELECT hashes FROM ledger_tile WHERE level = $1 AND tile_index = $2";
const PUT: &str = "INSERT INTO bench_tile (level, tile_index, hashes) VALUES ($1, $2, $3) ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes";

enum Floor {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>, Prepared),
}

/// PostgreSQL's statements, prepared once.
struct Prepared {
    log: postgres::Statement,
    entries: postgres::Statement,
    tile: postgres::Statement,
    put: postgres::Statement,
}

impl Floor {
    fn open(address: &Address) -> Result<Self> {
        Ok(match address {
            Address::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path)?;
                connection.execute_batch(
                    "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
                     CREATE TABLE IF NOT EXISTS bench_tile (level INTEGER, tile_index INTEGER, hashes BLOB, PRIMARY KEY (level, tile_index))",
                )?;
                Self::Sqlite(connection)
            }
            Address::Postgres(url) => {
                let mut client = postgres::Client::connect(url, postgres::NoTls)?;
                client.batch_execute("CREATE TABLE IF NOT EXISTS bench_tile (level BIGINT, tile_index BIGINT, hashes BYTEA, PRIMARY KEY (level, tile_index))")?;
                let prepared = Prepared {
                    log: client.prepare(LOG)?,
                    entries: client.prepare(ENTRIES)?,
                    tile: client.prepare(TILE)?,
                    put: client.prepare(PUT)?,
                };
                Self::Postgres(Box::new(client), prepared)
            }
        })
    }

    /// Reads, hashes, writes: a batch a transaction.
    fn take_in(&mut self, count: i64) -> Result<()> {
        let mut edge = Edge::of(0, &[]).ok_or_else(|| anyhow!("no empty tree"))?;
        let mut done = 0;
        while done < count {
            let leaves = self.leaves(done)?;
            let mut tiles = Vec::new();
            done += i64::try_from(leaves.len())?;
            for leaf in leaves {
                edge.push(hash_leaf(&leaf), &mut tiles);
            }
            tiles.extend(edge.tiles());
            self.put(&tiles)?;
        }
        Ok(())
    }

    /// As many bytes as a leaf of ours has.
    fn leaves(&mut self, after: i64) -> Result<Vec<[u8; 240]>> {
        let leaf = |position: i64, id: Uuid, workspace: Option<Uuid>, commitment: &[u8]| {
            let mut leaf = [0_u8; 240];
            leaf[..8].copy_from_slice(&position.to_be_bytes());
            leaf[8..24].copy_from_slice(id.as_bytes());
            leaf[24..40].copy_from_slice(workspace.unwrap_or_default().as_bytes());
            leaf[40..72].copy_from_slice(commitment);
            leaf
        };
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(ENTRIES)?;
                let rows = statement.query_map((after, BATCH), |row| {
                    let id: Vec<u8> = row.get(1)?;
                    let workspace: Option<Vec<u8>> = row.get(7)?;
                    let commitment: Vec<u8> = row.get(8)?;
                    let uuid = |bytes: &[u8]| Uuid::from_slice(bytes).unwrap();
                    Ok(leaf(row.get(0)?, uuid(&id), workspace.as_deref().map(uuid), &commitment))
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
            Self::Postgres(client, prepared) => Ok(client
                .query(&prepared.entries, &[&after, &BATCH])?
                .iter()
                .map(|row| leaf(row.get(0), row.get(1), row.get(7), row.get(8)))
                .collect()),
        }
    }

    fn put(&mut self, tiles: &[Tile]) -> Result<()> {
        let rows = tiles.iter().map(|tile| {
            let hashes: Vec<u8> = tile.hashes.iter().flat_map(|h| *h.as_bytes()).collect();
            (i64::from(tile.level), i64::try_from(tile.index).unwrap(), hashes)
        });
        match self {
            Self::Sqlite(connection) => {
                let tx = connection.transaction()?;
                for row in rows {
                    tx.prepare_cached(PUT)?.execute(row)?;
                }
                tx.commit()?;
            }
            Self::Postgres(client, prepared) => {
                let mut tx = client.transaction()?;
                for (level, index, hashes) in rows {
                    tx.execute(&prepared.put, &[&level, &index, &hashes])?;
                }
                tx.commit()?;
            }
        }
        Ok(())
    }

    /// The reads of a proof: the log, the entry, and the tiles between the leaf and the root.
    fn prove(&mut self, position: i64) -> Result<()> {
        let index = position - 1;
        let places = [(0_i64, index >> 8), (1, index >> 16), (2, index >> 24)];
        match self {
            Self::Sqlite(connection) => {
                connection.prepare_cached(LOG)?.query_row([], |row| row.get::<_, String>(2))?;
                connection.prepare_cached(ENTRIES)?.query_row((index, 1), |row| row.get::<_, Vec<u8>>(1))?;
                for place in places {
                    let mut tile = connection.prepare_cached(TILE)?;
                    let _: Vec<Vec<u8>> = tile.query_map(place, |row| row.get(0))?.collect::<Result<_, _>>()?;
                }
            }
            Self::Postgres(client, prepared) => {
                client.query_one(&prepared.log, &[])?;
                client.query_one(&prepared.entries, &[&index, &1_i64])?;
                for (level, tile) in places {
                    client.query_opt(&prepared.tile, &[&level, &tile])?;
                }
            }
        }
        Ok(())
    }
}
