//! `deadline`: everybody is told, it is rehearsed, decided and applied, each measured apart. The floor writes the same rows
//! into a copy of the same database, 1,000 workspaces a transaction.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Result, ensure};
use orglink_app::campaign::{self, Counts};
use orglink_app::{Principal, installation};
use orglink_domain::campaign::{CampaignState, Definition};
use orglink_store::Address;
use orglink_testkit::{TestApp, TestDatabase};
use serde_json::json;

use crate::deadline_floor::{Taken, collect, replay};
use crate::generator::Campaigned;
use crate::import::new_world;
use crate::{Database, Figure};

pub const NAME: &str = "deadline";
pub const OPERATOR: &str = "operator@people.example";

pub async fn measure(size: usize, database: Database) -> Result<Vec<Figure>> {
    let (ours_at, bare_at) = twice(size, database).await?;
    let world = TestApp::on(ours_at).await;
    let ours = run(&world).await?;
    let address = world.database.address();
    drop_connections(&bare_at)?;
    let bare = bare_at.address();
    let at = world.app.now().as_micros();
    // The floor's client brings a runtime of its own.
    let floor = std::thread::scope(|scope| {
        let replayed = scope.spawn(|| -> Result<Taken> { replay(&bare, &collect(&address)?, at) });
        replayed.join().unwrap()
    })?;
    let figure = |what, ours, floor| Figure { what, unit: "s", ours: vec![ours], floor: vec![floor] };
    let both = floor.decide + floor.apply;
    Ok(vec![
        figure("decide and apply", ours.decide + ours.apply, both),
        figure("decide", ours.decide, floor.decide),
        figure("apply", ours.apply, floor.apply),
        figure("rehearse, against deciding alone", ours.rehearse, floor.decide),
        figure("rehearse, against decide and apply", ours.rehearse, both),
        figure("tell everybody", ours.tell, floor.tell),
    ])
}

/// The same company and campaign in two databases, the second a copy of the first.
async fn twice(size: usize, database: Database) -> Result<(TestDatabase, TestDatabase)> {
    let world = new_world(database).await;
    let mut company = Campaigned::new(size, 1);
    let _ = writeln!(company.records, r#"{{"type":"account","email":"{OPERATOR}","name":"Olga Operator"}}"#);
    let began = Instant::now();
    world.import(&company.records).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    println!(
        "{size} workspaces, {} memberships, imported in {:.1} s",
        company.memberships,
        began.elapsed().as_secs_f64()
    );
    drop(company);
    installation::grant_operator(&world.app, &Principal::local_operator(), OPERATOR).await?;
    let operator = world.person(OPERATOR).await;
    campaign::create_campaign(&world.app, &operator, &definition()?, None).await?;
    // What was imported is settled before anything is measured.
    let TestApp { app, router, database, nameserver, post, clock } = world;
    drop((app, router, nameserver, post, clock));
    let copy = copy_of(&database)?;
    Ok((database, copy))
}

/// A copy of a database that nobody is connected to.
pub fn copy_of(database: &TestDatabase) -> Result<TestDatabase> {
    Ok(match database {
        TestDatabase::Sqlite(_) => {
            let copy = TestDatabase::sqlite();
            let (Address::Sqlite(from), Address::Sqlite(to)) = (database.address(), copy.address()) else {
                anyhow::bail!("two kinds of databases");
            };
            let connection = rusqlite::Connection::open(&from)?;
            connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
            drop(connection);
            std::fs::copy(from, to)?;
            copy
        }
        TestDatabase::Postgres { server, name } => {
            let copy = format!("{name}_floor");
            let (server, template) = (server.clone(), name.clone());
            let made = copy.clone();
            let maintenance = server.clone();
            std::thread::spawn(move || -> Result<()> {
                let mut client = postgres::Client::connect(&format!("{maintenance}/postgres"), postgres::NoTls)?;
                client.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                    &[&template],
                )?;
                std::thread::sleep(std::time::Duration::from_secs(1));
                client.batch_execute(&format!("CREATE DATABASE {made} TEMPLATE {template}"))?;
                client.batch_execute("CHECKPOINT")?;
                Ok(())
            })
            .join()
            .unwrap()?;
            TestDatabase::Postgres { server, name: copy }
        }
    })
}

/// Nothing is left for the floor to wait for: what ours has written is on the disk.
pub fn drop_connections(database: &TestDatabase) -> Result<()> {
    if let TestDatabase::Postgres { server, .. } = database {
        let server = server.clone();
        std::thread::spawn(move || -> Result<()> {
            let mut client = postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls)?;
            Ok(client.batch_execute("CHECKPOINT")?)
        })
        .join()
        .unwrap()?;
    }
    Ok(())
}

/// Due at once, when the clock of the tests begins.
pub fn definition() -> Result<Definition> {
    Ok(serde_json::from_value(json!({
        "name": NAME,
        "title": "Link your workspace to an organization",
        "announce_on": "2025-12-01",
        "link_by": "2026-01-03",
        "automatic_from": "2026-01-04",
        "automatic": { "minimum_notice": "0d" },
    }))?)
}

/// Ours: the announcement, a rehearsal, then the run to its end.
async fn run(world: &TestApp) -> Result<Taken> {
    let operator = world.person(OPERATOR).await;
    let began = Instant::now();
    loop {
        let progress = campaign::run_campaign(&world.app, &operator, NAME).await?;
        ensure!(progress.did, "{progress:?}");
        if progress.state == CampaignState::Closing {
            break;
        }
    }
    let tell = began.elapsed().as_secs_f64();

    let began = Instant::now();
    let rehearsal = campaign::rehearse_campaign(&world.app, &operator, NAME, None).await?;
    let rehearse = began.elapsed().as_secs_f64();
    say(&rehearsal.counts);

    let began = Instant::now();
    let mut decide = None;
    loop {
        let progress = campaign::advance_campaign(&world.app, &operator, NAME).await?;
        if progress.state == CampaignState::Linking && decide.is_none() {
            decide = Some(began.elapsed().as_secs_f64());
        }
        if progress.state == CampaignState::Done {
            ensure!(progress.failed == 0 && progress.settled == progress.to_link, "{progress:?}");
            break;
        }
        ensure!(progress.did, "{progress:?}");
    }
    let decide = decide.unwrap_or_default();
    Ok(Taken { tell, rehearse, decide, apply: began.elapsed().as_secs_f64() - decide })
}

pub fn say(counts: &Counts) {
    println!(
        "to link {} ({}), left alone {}, new organizations {}, messages {}",
        counts.to_link(),
        words(&counts.by_rule),
        words(&counts.left_alone),
        counts.new_organizations,
        counts.messages_a_telling
    );
}

fn words(numbers: &std::collections::BTreeMap<String, i64>) -> String {
    let list: Vec<String> = numbers.iter().map(|(word, n)| format!("{word} {n}")).collect();
    list.join(", ")
}
