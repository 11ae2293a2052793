//! Killed at every named place, and at random: after a restart nothing is half done.

use std::process::{Command, Stdio};
use std::time::Duration;

use orglink_app::recovery::{self, NewRecovery, PlaceReference};
use orglink_domain::event::EventType;
use orglink_domain::recovery::RecoveryState;
use orglink_server::COMPANY;
use orglink_store::fault::POINTS;
use orglink_testkit::{TestApp, address_text, both};

use crate::cli::PROGRAM;

fn command(world: &TestApp, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).args(["--database", &address_text(&world.database.address())]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

const LINK: &[&str] = &[
    "link",
    "--workspace",
    "atlas-platform",
    "--organization",
    "meridian",
    "--as",
    "ada@meridian.example",
    "--yes",
    "--idempotency-key",
    "fault",
];

async fn links(world: &TestApp) -> usize {
    world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceLinked).count()
}

both! {
    async fn killed_at_every_place_an_import_is_whole_or_not_there(world) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("company.ndjson").display().to_string();
        std::fs::write(&file, COMPANY).unwrap();
        let whole = COMPANY.lines().count();
        for point in POINTS.iter().filter(|p| p.starts_with("import.")) {
            let status = command(&world, &["import", &file]).env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            let there = world.export().await.len();
            let expected = if *point == "import.committed" { whole } else { 0 };
            assert_eq!(there, expected, "after {point}");
            world.check_invariants().await;
        }
        assert!(command(&world, &["import", &file]).status().unwrap().success());
        assert_eq!(world.export().await.len(), whole);
    }

    async fn killed_at_every_place_a_link_is_whole_or_not_there(world) {
        let world = world.with_company().await;
        for point in POINTS.iter().filter(|p| p.starts_with("link.")) {
            let status = command(&world, LINK).env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            assert_eq!(links(&world).await, usize::from(*point == "link.committed"), "after {point}");
            world.check_invariants().await;
        }
        assert!(command(&world, LINK).status().unwrap().success(), "the retry with the same key is answered");
        assert_eq!(links(&world).await, 1);
    }

    async fn killed_at_every_place_a_consent_is_whole_or_not_there(world) {
        let world = world.with_company().await;
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), "[link]\nconsent = \"two-sided\"\n").unwrap();
        let config = config.path().display().to_string();
        let pair = ["--workspace", "atlas-platform", "--organization", "meridian", "--yes", "--config", &config];
        let propose = [&["propose", "--as", "hana@meridian.example"], &pair[..]].concat();
        assert!(command(&world, &propose).status().unwrap().success());
        let token = world.token("ben@meridian.example").await;
        let listed = world.api(&token, "GET", "/proposals", None).await.json();
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        let agree = ["consent", &id, "--as", "ben@meridian.example", "--yes", "--config", &config, "--idempotency-key", "fault"];
        // The last consent passes the places of a link too.
        for point in ["consent.given", "link.inserted", "link.event", "link.idempotency", "consent.committed"] {
            let status = command(&world, &agree).env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            let there = usize::from(point == "consent.committed");
            assert_eq!(links(&world).await, there, "after {point}");
            let agreed = world.events().await.into_iter().filter(|e| e.kind == EventType::ProposalConsented).count();
            assert_eq!(agreed, there, "after {point}");
            world.check_invariants().await;
        }
        assert!(command(&world, &agree).status().unwrap().success(), "the retry with the same key is answered");
        assert_eq!(links(&world).await, 1);
    }

    async fn killed_at_every_place_a_move_leaves_one_link(world) {
        let world = world.with_company().await;
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), "[link]\ntransfer = true\n").unwrap();
        let config = config.path().display().to_string();
        let ada = ["--as", "ada@meridian.example", "--yes", "--config", &config];
        let done = |arguments: &[&str]| command(&world, &[arguments, &ada[..]].concat()).status().unwrap().success();
        assert!(done(&["link", "--workspace", "atlas-platform", "--organization", "meridian"]));
        assert!(done(&["transfer", "--workspace", "atlas-platform", "--to", "meridian-labs", "--side", "workspace"]));
        let token = world.token("ada@meridian.example").await;
        let listed = world.api(&token, "GET", "/proposals", None).await.json();
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        assert!(done(&["consent", &id, "--side", "source"]));
        let last = ["consent", &id, "--side", "organization", "--idempotency-key", "fault"];
        for point in ["consent.given", "transfer.left", "link.inserted", "link.event", "link.idempotency", "consent.committed"] {
            let status = command(&world, &[&last[..], &ada[..]].concat()).env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            let link = world.api(&token, "GET", "/workspaces/atlas-platform/link", None).await.json();
            let there = if point == "consent.committed" { "meridian-labs" } else { "meridian" };
            assert_eq!(link["organization"], there, "after {point}");
            world.check_invariants().await;
        }
        assert!(done(&last), "the retry with the same key is answered");
    }

    async fn killed_while_a_recovery_takes_effect_it_does_so_once(world) {
        let world = world.with_company().await;
        let ivo = world.person("ivo@meridian.example").await;
        let place = PlaceReference::Workspace("robot-yard".to_owned());
        let wanted = NewRecovery { place, reason: "Its only person has left.".to_owned() };
        let id = recovery::request_recovery(&world.app, &ivo, &wanted, None).await.unwrap().answer.to_string();
        world.nameserver.put("_orglink-recovery.meridian.example", &format!("orglink-recovery={id}"));
        recovery::prove_recovery(&world.app, &ivo, &id).await.unwrap();
        // The clock of the test is behind: for a program that is started now, the wait is over.
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key").display().to_string();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--key-file", &key];
        let status = command(&world, &serve).env("ORGLINK_FAULT", "recovery.granted").status().unwrap();
        assert!(!status.success(), "the place was passed");
        let state = async || recovery::view_recovery(&world.app, &ivo, &id).await.unwrap().recovery.state;
        let granted = async || {
            let events = world.events().await;
            events.iter().filter(|e| e.payload.as_ref().is_some_and(|p| p["changes"][0]["by"] == "recovery")).count()
        };
        assert_eq!((state().await, granted().await), (RecoveryState::Waiting, 0), "nothing half done");
        world.clock.advance(7 * 24 * 60 * 60);
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        assert_eq!((state().await, granted().await), (RecoveryState::Applied, 1));
        world.check_invariants().await;
    }

    async fn killed_while_placing_events_none_is_lost_and_none_placed_twice(world) {
        let world = world.with_company().await;
        let before = world.events().await.len();
        let status = command(&world, LINK).env("ORGLINK_FAULT", "sequence.placed").status().unwrap();
        assert!(!status.success());
        assert_eq!(world.events().await.len(), before + 1);
        world.check_invariants().await;
    }

    async fn a_hundred_random_kills_leave_nothing_half_done(world) {
        let world = world.with_company().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("change.ndjson").display().to_string();
        let (mut killed, mut finished) = (0, 0);
        for round in 0..100_u32 {
            let slug = format!("random-{round}");
            let lines = format!(
                "{{\"type\":\"workspace\",\"slug\":\"{slug}\",\"name\":\"R\",\"plan\":\"standard\"}}\n{{\"type\":\"user_group\",\"workspace\":\"{slug}\",\"slug\":\"a\",\"name\":\"A\",\"is_admin\":true,\"members\":[\"ada@meridian.example\"]}}\n"
            );
            std::fs::write(&file, lines).unwrap();
            let before = round / 2 * 2;
            let previous = format!("random-{before}");
            let mut child = if round % 2 == 0 {
                command(&world, &["import", &file]).spawn().unwrap()
            } else {
                command(&world, &["link", "--workspace", &previous, "--organization", "meridian", "--as", "ada@meridian.example", "--yes"]).spawn().unwrap()
            };
            let mut random = [0_u8; 2];
            getrandom::fill(&mut random).unwrap();
            tokio::time::sleep(Duration::from_millis(u64::from(u16::from_le_bytes(random)) % 160)).await;
            let _ = child.kill();
            if child.wait().unwrap().success() { finished += 1 } else { killed += 1 }
            world.check_invariants().await;
            if round % 2 == 0 {
                // Both records of an import, or neither.
                let exported = world.export().await;
                let of = exported.iter().filter(|l| l.contains(&format!("\"{slug}\""))).count();
                assert!(of == 0 || of == 2, "{of} records of {slug}");
                assert!(command(&world, &["import", &file]).status().unwrap().success());
            }
        }
        println!("{killed} killed, {finished} finished first");
        assert!(killed > 0);
    }
}
