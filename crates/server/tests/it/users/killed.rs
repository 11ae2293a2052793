//! Killed at every named place, a migration is whole or not there.

use std::process::{Command, Stdio};

use orglink_domain::event::EventType;
use orglink_store::fault::POINTS;
use orglink_testkit::{address_text, both};

use super::{ADA, GROUPS, W, linked};
use crate::cli::PROGRAM;

both! {
    async fn killed_at_every_place_it_is_whole_or_not_there(world) {
        let world = linked(world).await;
        let run = ["migration", "users", "run", "--workspace", W, "--yes", "--as", ADA, "--idempotency-key", "fault"];
        let command = || {
            let mut command = Command::new(PROGRAM);
            command.args(run).args(["--database", &address_text(&world.database.address())]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        let ada = world.token(ADA).await;
        for point in POINTS.iter().filter(|p| p.starts_with("users.")) {
            let status = command().env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            let there = usize::from(*point == "users.committed");
            let done = world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceUsersMigrated).count();
            let groups = world.api(&ada, "GET", GROUPS, None).await.json()["items"].as_array().unwrap().len();
            assert_eq!((done, groups), (there, there * 2), "after {point}");
            world.check_invariants().await;
        }
        assert!(command().status().unwrap().success(), "the retry with the same key is answered");
        let done = world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceUsersMigrated).count();
        assert_eq!(done, 1);
    }
}
