//! Backups, restores and copies, under load, killed, without room; and a database of an earlier release.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use orglink_store::copy::{Copied, copy_database, digest_database};
use orglink_store::{Address, Db, StoreError};
use orglink_testkit::{TestApp, TestDatabase, address_text, both};

use crate::cli::{PROGRAM, run};

/// A company with links, a session, tokens, and events that wait.
async fn lived_in(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
    world.session("ada@meridian.example").await;
    world.token("ada@meridian.example").await;
    world.events().await;
    world.link("ada@meridian.example", "harbor-ops", "harbor").await.unwrap();
    world
}

async fn copy(from: &Db, to: &TestDatabase) -> Result<Copied, StoreError> {
    copy_database(from, &to.address(), &|_, _| {}).await
}

fn other(than: &TestApp) -> Option<TestDatabase> {
    match than.database {
        TestDatabase::Sqlite(_) => TestDatabase::postgres(),
        TestDatabase::Postgres { .. } => Some(TestDatabase::sqlite()),
    }
}

fn same(as_of: &TestApp) -> TestDatabase {
    match as_of.database {
        TestDatabase::Sqlite(_) => TestDatabase::sqlite(),
        TestDatabase::Postgres { .. } => TestDatabase::postgres().unwrap(),
    }
}

both! {
    async fn there_and_back_nothing_differs(world) {
        let world = lived_in(world).await;
        let before = digest_database(&world.app.db).await.unwrap();
        let exported = world.export().await;
        assert!(before.len() > 25 && before.iter().any(|t| t.table == "event_pending" && t.rows > 0));
        let Some(there) = other(&world) else { return };
        let copied = copy(&world.app.db, &there).await.unwrap();
        assert_eq!(copied.tables.iter().map(|t| &t.digest).collect::<std::collections::BTreeSet<_>>().len(), before.len());
        let there_db = Db::open(&there.address()).await.unwrap();
        let mut on_the_other = digest_database(&there_db).await.unwrap();
        on_the_other.sort_by(|a, b| a.table.cmp(&b.table));
        let mut sorted = before.clone();
        sorted.sort_by(|a, b| a.table.cmp(&b.table));
        assert_eq!(on_the_other, sorted);
        let back = same(&world);
        copy(&there_db, &back).await.unwrap();
        there_db.close().await;
        let back = TestApp::on(back).await;
        let after = digest_database(&back.app.db).await.unwrap();
        assert_eq!(after, before);
        assert_eq!(back.export().await, exported);
        // What waited is placed after all that came before; new things come after it.
        let events = back.events().await;
        assert_eq!(events.len(), world.events().await.len());
        back.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        back.check_invariants().await;
        assert!(back.events().await.len() > events.len());
    }

    async fn a_backup_under_load_is_one_moment_of_the_source(world) {
        let world = world.with_company().await;
        let stop = Arc::new(AtomicBool::new(false));
        let load = async {
            let mut round = 0;
            while !stop.load(Ordering::SeqCst) {
                round += 1;
                let slug = format!("load-{round}");
                let workspace = format!(
                    "{{\"type\":\"workspace\",\"slug\":\"{slug}\",\"name\":\"{slug}\",\"plan\":\"premium\"}}\n{{\"type\":\"user_group\",\"workspace\":\"{slug}\",\"slug\":\"admins\",\"name\":\"Admins\",\"is_admin\":true,\"members\":[\"ada@meridian.example\"]}}\n"
                );
                world.import(&workspace).await.unwrap();
                world.link("ada@meridian.example", &slug, "meridian").await.unwrap();
                orglink_app::upkeep::sequence(&world.app).await.unwrap();
            }
            round
        };
        let backups = async {
            let mut made = Vec::new();
            for _ in 0..4 {
                let to = TestDatabase::sqlite();
                let copied = copy(&world.app.db, &to).await.unwrap();
                made.push((to, copied));
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            stop.store(true, Ordering::SeqCst);
            made
        };
        let (rounds, made) = tokio::join!(load, backups);
        assert!(rounds > 1, "there was no load");
        let all = world.events().await;
        for (file, copied) in made {
            let restored = same(&world);
            let source = Db::open(&file.address()).await.unwrap();
            let again = copy(&source, &restored).await.unwrap();
            assert_eq!((&again.tables, again.position), (&copied.tables, copied.position));
            source.close().await;
            let moment = TestApp::on(file).await;
            assert_eq!(digest_database(&moment.app.db).await.unwrap(), copied.tables);
            // Everything up to that position, as it is in the source, and every link with its event.
            let position = usize::try_from(copied.position).unwrap();
            let placed = moment.events().await;
            assert_eq!(format!("{:?}", &placed[..position]), format!("{:?}", &all[..position]));
            moment.check_invariants().await;
        }
    }

    async fn only_into_what_is_empty_and_never_from_something_newer(world) {
        let world = lived_in(world).await;
        let full = TestApp::on(same(&world)).await;
        let refused = copy(&world.app.db, &full.database).await.unwrap_err();
        assert!(matches!(refused, StoreError::Copy(_)), "{refused}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.db").display().to_string();
        let (code, report, stderr) = run(&world, &["database", "backup", &file, "--json"]);
        assert_eq!((code, &report["verified"]), (0, &true.into()), "{stderr}");
        assert_eq!(report["tables"].as_array().unwrap().len(), digest_database(&world.app.db).await.unwrap().len());
        let (code, _, stderr) = run(&world, &["database", "backup", &file]);
        assert_eq!(code, 1);
        assert!(stderr.contains("is there already"), "{stderr}");
        let (code, _, stderr) = run(&world, &["database", "restore", &file]);
        assert_eq!(code, 1);
        assert!(stderr.contains("already"), "{stderr}");
        let (code, ..) = run(&world, &["database", "restore", "/nowhere/at/all"]);
        assert_eq!(code, 7);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left beside it");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    }

    async fn killed_or_out_of_room_leaves_nothing(world) {
        let world = lived_in(world).await;
        let from = address_text(&world.database.address());
        for point in ["copy.written", "copy.verified"] {
            let to = same(&world);
            let status = Command::new(PROGRAM)
                .args(["database", "copy", "--database", &from, "--to", &address_text(&to.address())])
                .env("ORGLINK_FAULT", point).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            match to.address() {
                Address::Sqlite(path) => assert!(!path.exists()),
                Address::Postgres(_) => {
                    let db = Db::open(&to.address()).await.unwrap();
                    assert_eq!(db.schema_version().await.unwrap(), 0);
                    db.close().await;
                }
            }
            copy(&world.app.db, &to).await.unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.db");
        // As a full disk does: no file may grow beyond 100 kB.
        let out = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "sh", PROGRAM, "database", "backup"])
            .arg(&file).args(["--database", &from])
            .stdin(Stdio::null()).output().unwrap();
        let stderr = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && !file.exists(), "{stderr}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{stderr}");
        assert!(stderr.contains("no room"), "{stderr}");
    }
}
