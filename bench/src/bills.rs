//! `bills`: the billing of everything that a campaign has linked migrates, by the program as people run it, which is killed
//! on its way five times; then the first bills are made, and looked at to the cent. The floor writes the same rows bare into a copy.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use orglink_app::{Principal, campaign, installation, invoice};
use orglink_domain::campaign::{CampaignState, Definition};
use orglink_testkit::{TestApp, address_text};
use serde_json::{Value, json};

use crate::deadline::{self, OPERATOR, copy_of, drop_connections, say};
use crate::deadline_floor::{
    BILLED, BILLED_ACCOUNTS, BILLED_LINES, Batch, MIGRATED, MIGRATED_ACCOUNTS, Part, collect_rows, replay_rows,
};
use crate::generator::{Campaigned, Random};
use crate::import::new_world;
use crate::{Database, Figure};

const NAME: &str = "billing";
const KILLS: usize = 5;
const DAY: i64 = 86_400;

pub async fn measure(size: usize, database: Database) -> Result<Vec<Figure>> {
    let world = linked(size, database).await?;
    let operator = world.person(OPERATOR).await;
    let began = Instant::now();
    let rehearsal = campaign::rehearse_campaign(&world.app, &operator, NAME, None).await?;
    let rehearse = began.elapsed().as_secs_f64();
    say(&rehearsal.counts);
    let expected = rehearsal.counts.to_link();
    let TestApp { app, router, database, nameserver, post, clock } = world;
    app.db.close().await;
    drop((app, router, nameserver, post, clock));
    let bare = copy_of(&database)?;

    let address = address_text(&database.address());
    let migrate = killed(size, &address)?;
    let world = TestApp::on(database).await;
    let operator = world.person(OPERATOR).await;
    let rows = campaign::view_campaign(&world.app, &operator, NAME).await?;
    ensure!(rows.campaign.state == CampaignState::Done, "{:?}", rows.campaign.state);

    // The clock of programs is the real one: the bills are those of the month after.
    world.clock.advance(365 * DAY);
    let began = Instant::now();
    let issued = invoice::issue_invoices(&world.app, &operator).await?;
    let issue = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let found = invoice::reconcile(&world.app, &operator).await?;
    ensure!(found.faults.is_empty() && issued.uncharged == 0, "{:?}", found.faults);
    let sums: Vec<String> = found.sums.iter().map(|(currency, (net, _))| format!("{net} {currency}")).collect();
    println!(
        "{expected} to migrate; {} bills with {} lines, {}, right to the cent (looked at in {:.1} s)",
        found.invoices,
        found.lines,
        sums.join(", "),
        began.elapsed().as_secs_f64()
    );

    let (from, to) = (world.database.address(), bare.address());
    drop_connections(&bare)?;
    let pages = size.div_ceil(1000);
    // The floor's client brings a runtime of its own.
    let (migrate_bare, issue_bare) = std::thread::scope(|scope| {
        let replayed = scope.spawn(|| -> Result<(f64, f64)> {
            let read = |parts: &'static [Part]| -> Result<(&'static [Part], Vec<Batch>)> {
                Ok((parts, collect_rows(&from, parts, pages)?))
            };
            let migrated = [read(&MIGRATED_ACCOUNTS)?, read(&MIGRATED)?];
            let billed = [read(&BILLED_ACCOUNTS)?, read(&BILLED_LINES)?, read(&BILLED)?];
            ensure!(rows_of(&migrated[1].1) == usize::try_from(expected)?, "not all have migrated, or some twice");
            Ok((replay_rows(&to, &migrated)?, replay_rows(&to, &billed)?))
        });
        replayed.join().unwrap()
    })?;
    let figure = |what, ours, floor| Figure { what, unit: "s", ours: vec![ours], floor: vec![floor] };
    Ok(vec![
        figure("migrate billing, killed five times", migrate, migrate_bare),
        figure("rehearse it, against migrating", rehearse, migrate_bare),
        figure("make the bills that are due", issue, issue_bare),
    ])
}

/// Rows of the first table.
fn rows_of(batches: &[Batch]) -> usize {
    batches.iter().filter_map(|batch| batch.first()).map(Vec::len).sum()
}

/// A company that a campaign has linked, everybody told of its billing more than a month ago.
async fn linked(size: usize, database: Database) -> Result<TestApp> {
    let world = new_world(database).await;
    let mut company = Campaigned::new(size, 1);
    let _ = writeln!(company.records, r#"{{"type":"account","email":"{OPERATOR}","name":"Olga Operator"}}"#);
    world.import(&company.records).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    println!("{size} workspaces, {} memberships", company.memberships);
    drop(company);
    installation::grant_operator(&world.app, &Principal::local_operator(), OPERATOR).await?;
    let operator = world.person(OPERATOR).await;
    campaign::create_campaign(&world.app, &operator, &deadline::definition()?, None).await?;
    while campaign::run_campaign(&world.app, &operator, deadline::NAME).await?.did {}
    let billing: Definition = serde_json::from_value(json!({
        "name": NAME, "title": "Your organization pays", "purpose": "billing",
        "announce_on": "2026-01-05", "link_by": "2026-02-18", "automatic_from": "2026-02-19", "reminders": [],
        "automatic": { "minimum_notice": "30d" },
    }))?;
    campaign::create_campaign(&world.app, &operator, &billing, None).await?;
    while campaign::run_campaign(&world.app, &operator, NAME).await?.did {}
    world.clock.advance(46 * DAY);
    Ok(world)
}

/// Runs it to its end, killed on the way; all its seconds.
fn killed(size: usize, address: &str) -> Result<f64> {
    let program = std::env::current_exe()?.with_file_name("orglink");
    let mut random = Random::new(7);
    let mut took = 0.0;
    // A million takes about a minute; each run gets a part of what is left.
    let longest = (size / 100).max(300);
    for attempt in 0..=KILLS {
        let began = Instant::now();
        let mut child = Command::new(&program)
            .args(["migration", "billing", "run", NAME, "--yes", "--json", "--database", address])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("build the program beside this one")?;
        if attempt < KILLS {
            let after = 200 + random.below(longest);
            std::thread::sleep(Duration::from_millis(u64::try_from(after)?));
            child.kill()?;
        }
        let out = child.wait_with_output()?;
        took += began.elapsed().as_secs_f64();
        if attempt == KILLS {
            ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
            let said: Value = serde_json::from_slice(&out.stdout)?;
            ensure!(said["state"] == "done", "{said}");
        }
    }
    Ok(took)
}
