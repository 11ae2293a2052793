//! `link`: one link with every check, event and digest, durable; by 1 and by 32 clients. The floor does the same reads'
//! worth of nothing and the same writes: both guard rows, plan, link, reason, event with payload and pending row.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use orglink_app::link::{Acknowledge, LinkRequest, link_workspace};
use orglink_store::Address;
use orglink_testkit::TestApp;
use uuid::Uuid;

use crate::Figure;
use crate::generator::Company;
use crate::world::World;

/// Links measured by one client, and by all of 32 together.
const LINKS: usize = 400;
const CLIENTS: usize = 32;

pub async fn measure(of: &World) -> Result<Vec<Figure>> {
    let (world, company) = (&of.app, Company::new(of.size, 1));
    let mut one = Figure { what: "p50 of one link, 1 client", unit: "ms", ours: vec![], floor: vec![] };
    let mut many = Figure { what: "links a second, 32 clients", unit: "/s", ours: vec![], floor: vec![] };
    let pairs = pairs(&company);
    anyhow::ensure!(pairs.len() > LINKS * 4, "too small a company: {} pairs", pairs.len());
    // The same database for both, and others in it for each.
    let rows = Rows::read(world, &pairs[LINKS * 2..LINKS * 4]).await?;

    for chunk in 0..4 {
        let range = chunk * LINKS / 4..(chunk + 1) * LINKS / 4;
        for (person, workspace, organization) in &pairs[range.clone()] {
            let who = world.person(person).await;
            let began = Instant::now();
            world.link_as(&who, workspace, organization).await.map_err(|e| anyhow::anyhow!("{e}"))?;
            one.ours.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        let (address, rows) = (world.database.address(), &rows.0[range]);
        let times = std::thread::scope(|s| s.spawn(|| bare_links(&address, rows)).join().unwrap())?;
        one.floor.extend(times);
    }

    let mut ours = Vec::with_capacity(LINKS);
    for (person, workspace, organization) in &pairs[LINKS..LINKS * 2] {
        ours.push((world.person(person).await, workspace.clone(), organization.clone()));
    }
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for part in ours.chunks(LINKS.div_ceil(CLIENTS)) {
        let (app, part) = (Arc::clone(&world.app), part.to_vec());
        tasks.spawn(async move {
            for (person, workspace, organization) in part {
                let request = LinkRequest { workspace, organization, plan_digest: None, acknowledge: Acknowledge::All };
                link_workspace(&app, &person, &request, None).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    many.ours.push(LINKS as f64 / began.elapsed().as_secs_f64());
    let (address, rows) = (world.database.address(), &rows.0[LINKS..LINKS * 2]);
    let began = Instant::now();
    std::thread::scope(|scope| {
        // SQLite has one writer: the barest program uses one connection.
        let clients = if matches!(address, Address::Sqlite(_)) { 1 } else { CLIENTS };
        for part in rows.chunks(LINKS.div_ceil(clients)) {
            let address = &address;
            scope.spawn(move || bare_links(address, part).unwrap());
        }
    });
    many.floor.push(LINKS as f64 / began.elapsed().as_secs_f64());
    Ok(vec![one, many])
}

/// Workspaces with somebody who administers them and an organization.
fn pairs(company: &Company) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    // The first are somebody else's: some of them are linked already.
    for (w, groups) in company.workspaces.iter().enumerate().skip(crate::world::ADMINISTERED) {
        if let Some(p) = groups[0].iter().find(|p| **p < company.organizations) {
            found.push((format!("p{p}@people.example"), format!("w{w}"), format!("o{p}")));
        }
    }
    found
}

/// The ids of the pairs in the floor's database.
struct Rows(Vec<(Uuid, Uuid, Uuid)>);

impl Rows {
    async fn read(world: &TestApp, pairs: &[(String, String, String)]) -> Result<Self> {
        let mut tx = world.app.db.begin_read().await?;
        let mut rows = Vec::new();
        for (person, workspace, organization) in pairs {
            let account = orglink_store::account::find_by_email(&mut tx, person).await?.unwrap();
            let w = orglink_store::workspace::find_by_reference(&mut tx, workspace).await?.unwrap();
            let o = orglink_store::organization::find_by_reference(&mut tx, organization).await?.unwrap();
            rows.push((account.id.0, w.id.0, o.id.0));
        }
        Ok(Self(rows))
    }
}

/// What a link writes, in its order.
const WRITES: [&str; 8] = [
    "UPDATE workspace SET version = version + 1 WHERE id = $1 AND version = 1",
    "UPDATE organization SET version = version + 1 WHERE id = $1",
    "INSERT INTO link_plan (digest, workspace_id, organization_id, document, summary, workspace_version, created_at, valid_until) VALUES ($1, $2, $3, $4, '{}', 1, $5, $5)",
    "INSERT INTO link (id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version, access_check, consent, undo_window_seconds, acknowledged) VALUES ($1, $2, $3, $4, $5, 'own', $6, $6, 1, 'pending', 'one-person', 0, 'link_is_permanent people_stay_in_workspace')",
    "INSERT INTO workspace_reason (workspace_id, code, since) VALUES ($1, 'already_linked', $2)",
    "INSERT INTO event (id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment) VALUES ($1, 'workspace.linked', $2, $3, 'own', $4, $5, 2, $6)",
    "INSERT INTO event_payload (event_id, salt, payload) VALUES ($1, $2, $3)",
    "INSERT INTO event_pending (event_id) VALUES ($1)",
];

fn bare_links(address: &Address, rows: &[(Uuid, Uuid, Uuid)]) -> Result<Vec<f64>> {
    // As large as an ordinary plan and an ordinary payload.
    let (document, payload, salt) = (vec![b'x'; 1500], vec![b'y'; 600], vec![7_u8; 32]);
    let mut times = Vec::with_capacity(rows.len());
    match address {
        Address::Sqlite(path) => {
            use rusqlite::params;
            let connection = rusqlite::Connection::open(path)?;
            connection
                .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 30000")?;
            let mut all = WRITES.iter().map(|w| connection.prepare(w)).collect::<Result<Vec<_>, _>>()?;
            for (account, w, o) in rows {
                let began = Instant::now();
                let (account, w, o) = (account.as_bytes(), w.as_bytes(), o.as_bytes());
                let at = 1_780_000_000_000_000_i64;
                let digest = [&w[..], &w[..]].concat();
                connection.execute_batch("BEGIN IMMEDIATE")?;
                all[0].execute(params![w])?;
                all[1].execute(params![o])?;
                all[2].execute(params![digest, w, o, document, at])?;
                all[3].execute(params![w, w, o, at, account, digest])?;
                all[4].execute(params![w, at])?;
                all[5].execute(params![w, at, account, o, w, salt])?;
                all[6].execute(params![w, salt, payload])?;
                all[7].execute(params![w])?;
                connection.execute_batch("COMMIT")?;
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
        }
        Address::Postgres(url) => {
            let mut client = postgres::Client::connect(url, postgres::NoTls)?;
            let all = WRITES.iter().map(|w| client.prepare(w)).collect::<Result<Vec<_>, _>>()?;
            let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_780_000_000);
            for (account, w, o) in rows {
                let began = Instant::now();
                let digest = [&w.as_bytes()[..], &w.as_bytes()[..]].concat();
                let mut tx = client.transaction()?;
                tx.execute(&all[0], &[w])?;
                tx.execute(&all[1], &[o])?;
                tx.execute(&all[2], &[&digest, w, o, &document, &at])?;
                tx.execute(&all[3], &[w, w, o, &at, account, &digest])?;
                tx.execute(&all[4], &[w, &at])?;
                tx.execute(&all[5], &[w, &at, account, o, w, &salt])?;
                tx.execute(&all[6], &[w, &salt, &payload])?;
                tx.execute(&all[7], &[w])?;
                tx.commit()?;
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    Ok(times)
}
