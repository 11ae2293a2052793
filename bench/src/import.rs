//! `import`: records into an empty database, against the bare load of the same rows; and again over what is there.

use std::time::Instant;

use anyhow::Result;
use orglink_testkit::TestApp;

use crate::floor::Floor;
use crate::generator::Company;
use crate::{Database, Figure};

/// One at a million, of which a round takes many minutes.
const ROUNDS: usize = 3;

pub async fn new_world(database: Database) -> TestApp {
    match database {
        Database::Sqlite => TestApp::sqlite().await,
        Database::Postgres => TestApp::postgres().await.unwrap(),
    }
}

pub async fn measure(size: usize, database: Database) -> Result<Vec<Figure>> {
    let company = Company::new(size, 1);
    let records = company.records();
    println!(
        "{size} workspaces, {} people, {} groups, {} memberships, {} MB of records",
        company.people,
        company.workspaces.iter().map(Vec::len).sum::<usize>(),
        company.memberships(),
        records.len() >> 20
    );
    let rounds = if size < 1_000_000 { ROUNDS } else { 1 };
    let mut empty = Figure { what: "into an empty database", unit: "s", ours: vec![], floor: vec![] };
    let mut over = Figure { what: "over an existing one", unit: "s", ours: vec![], floor: vec![] };
    for _ in 0..rounds {
        let floor_world = new_world(database).await;
        let address = floor_world.database.address();
        // The floor's client brings a runtime of its own.
        let taken = std::thread::scope(|scope| {
            let load = scope.spawn(|| -> Result<f64> {
                let mut floor = Floor::open(&address)?;
                let began = Instant::now();
                floor.load(&company)?;
                Ok(began.elapsed().as_secs_f64())
            });
            load.join().unwrap()
        })?;
        empty.floor.push(taken);
        over.floor.push(taken);
        drop(floor_world);

        let world = new_world(database).await;
        let began = Instant::now();
        world.import(&records).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        empty.ours.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        world.import(&records).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        over.ours.push(began.elapsed().as_secs_f64());
    }
    Ok(vec![empty, over])
}
