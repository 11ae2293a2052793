//! A campaign's run killed at every named place and at random, and two of them at once: after all of it each workspace has
//! one link, each thing was told once, and nothing is lost.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use orglink_domain::event::EventType;
use orglink_store::fault::POINTS;
use orglink_testkit::{Dice, TestApp, address_text, both};
use serde_json::Value;

use crate::cli::PROGRAM;

/// How often a run is killed at random; by hand with `ORGLINK_KILLS=200`.
fn kills() -> usize {
    std::env::var("ORGLINK_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

fn command(world: &TestApp, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).args(["--database", &address_text(&world.database.address())]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn answer(world: &TestApp, arguments: &[&str]) -> Value {
    let done = command(world, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

const RUN: &[&str] = &["campaign", "run", "link-2026", "--yes", "--json"];

fn create(world: &TestApp) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/seed.toml");
    answer(world, &["campaign", "create", "--file", file, "--json"]);
}

/// More than a batch, several of everything: groups of several workspaces among them.
fn many(count: usize) -> String {
    let mut records = String::new();
    for p in 0..count / 2 {
        let _ = writeln!(records, r#"{{"type":"account","email":"p{p}@many.example","name":"P{p}"}}"#);
    }
    for w in 0..count {
        // Two of three have a neighbour with the same admin.
        let admin = if w % 3 == 0 { w / 2 } else { w / 3 };
        let plan = if w % 10 == 0 { "free" } else { "standard" };
        let _ = writeln!(records, r#"{{"type":"workspace","slug":"m{w}","name":"Many {w}","plan":"{plan}"}}"#);
        let _ = writeln!(
            records,
            r#"{{"type":"user_group","workspace":"m{w}","slug":"a","name":"A","is_admin":true,"members":["p{}@many.example"]}}"#,
            admin % (count / 2)
        );
    }
    records
}

/// What must be true when all is done.
async fn check(world: &TestApp) {
    let status = answer(world, RUN);
    assert_eq!(status["state"], "done", "{status}");
    let counts = &status["run"]["counts"];
    assert_eq!((&counts["waiting"], &counts["failed"]), (&0.into(), &0.into()));
    world.check_invariants().await;
    let events = world.events().await;
    let of = |kind| events.iter().filter(|e| e.kind == kind).count();
    assert_eq!(of(EventType::WorkspaceLinked) as u64, counts["linked"].as_u64().unwrap());
    assert_eq!((of(EventType::CampaignDecided), of(EventType::CampaignCreated)), (1, 1));
    let made = events
        .iter()
        .filter(|e| e.kind == EventType::OrganizationCreated)
        .filter(|e| e.payload.as_ref().is_some_and(|p| p["by"] == "campaign"))
        .count() as u64;
    assert_eq!((counts["organizations_made"].as_u64(), counts["new_organizations"].as_u64()), (Some(made), Some(made)));
    // Each admin of each workspace has heard each thing once: in the inbox and by mail.
    world.tell().await;
    let mut tx = world.app.db.begin_read().await.unwrap();
    for (what, found) in [
        ("entries", orglink_store::fault::count_alike(&mut tx, "notification").await.unwrap()),
        ("mails", orglink_store::fault::count_alike(&mut tx, "mail").await.unwrap()),
    ] {
        let told: HashMap<String, i64> = found.into_iter().collect();
        assert!(told.len() > 10, "{what}: {}", told.len());
        let twice: Vec<_> = told.iter().filter(|(_, count)| **count != 1).take(3).collect();
        assert!(twice.is_empty(), "{what} told more than once: {twice:?}");
    }
}

fn kill(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

both! {
    async fn killed_at_every_place_a_run_is_finished_by_the_next(world) {
        let world = world.with_company().await;
        create(&world);
        for point in POINTS.iter().filter(|p| p.starts_with("campaign.")) {
            let status = command(&world, RUN).env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            world.check_invariants().await;
        }
        check(&world).await;
    }

    async fn killed_at_random_nothing_is_lost_and_nothing_twice(world) {
        // So many that the last kill still finds something to do.
        world.import(&many(kills() * 125)).await.unwrap();
        create(&world);
        let mut dice = Dice(7);
        for _ in 0..kills() {
            let child = command(&world, RUN).spawn().unwrap();
            tokio::time::sleep(Duration::from_millis(u64::try_from(100 + dice.below(900)).unwrap())).await;
            kill(child);
        }
        check(&world).await;
    }

    async fn two_at_once_and_one_of_them_killed_come_to_the_same(world) {
        world.import(&many(2500)).await.unwrap();
        create(&world);
        let (first, mut second) = (command(&world, RUN).spawn().unwrap(), command(&world, RUN).spawn().unwrap());
        tokio::time::sleep(Duration::from_millis(1500)).await;
        kill(first);
        assert!(second.wait().unwrap().success());
        check(&world).await;
    }
}
