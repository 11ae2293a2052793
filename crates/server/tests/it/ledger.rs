//! The transparency log: gap-free whoever goes on with it and wherever it is killed, never with a second history, and the
//! same for whoever rebuilds it from outside.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use orglink_app::ledger::{
    LogName, find_checkpoint, find_public_key, integrate, integrate_all, prove_inclusion, restart, verify,
};
use orglink_app::system::SystemIds;
use orglink_app::{App, Error, Key, Principal, Settings};
use orglink_domain::digest::Digest;
use orglink_domain::event::EventType;
use orglink_domain::ledger::{Checkpoint, Note, VerifierKey, hash_leaf, hash_nodes, is_included};
use orglink_store::Db;
use orglink_store::copy::copy_database;
use orglink_store::fault::POINTS;
use orglink_testkit::{TestApp, TestDatabase, address_text, both};
use tower::ServiceExt as _;

use crate::cli::{PROGRAM, run};
use crate::doctor::tamper;

fn read(note: &str) -> Checkpoint {
    note.parse::<Note>().unwrap().text.parse().unwrap()
}

async fn checkpoint(app: &App) -> Checkpoint {
    read(&find_checkpoint(app, LogName::Current).await.unwrap())
}

async fn problems(app: &App) -> Vec<String> {
    verify(app).await.unwrap().unwrap().problems
}

/// The application as another program, which notes beside its key file what was signed.
fn noting(world: &TestApp, db: Db, mark: PathBuf) -> App {
    let settings = Settings { ledger_mark: Some(mark), ..world.app.settings.clone() };
    let catalog = world.app.catalog.clone();
    App::new(db, catalog, settings, Key::new([7; 32]), world.clock.clone(), Arc::new(SystemIds::default())).unwrap()
}

/// A company with a few hundred events more.
async fn busy(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    for round in 0..270 {
        world
            .import(&format!("{{\"type\":\"account\",\"email\":\"ledger-{round}@else.example\",\"name\":\"L\"}}"))
            .await
            .unwrap();
    }
    world.events().await;
    world
}

/// The root as a stranger computes it.
fn plain_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [one] => *one,
        _ => {
            let left = leaves.len().next_power_of_two() / 2;
            hash_nodes(&plain_root(&leaves[..left]), &plain_root(&leaves[left..]))
        }
    }
}

async fn fetch(world: &TestApp, path: &str) -> (u16, String, String, Vec<u8>) {
    let request = Request::builder().uri(path).header("host", "orglink.test").body(Body::empty()).unwrap();
    let response = world.router.clone().oneshot(request).await.unwrap();
    let header = |name| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let (status, kind, keep) = (response.status().as_u16(), header("content-type"), header("cache-control"));
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
    (status, kind, keep, bytes)
}

both! {
    async fn what_is_served_rebuilds_the_same_root(world) {
        let world = busy(world).await;
        assert_eq!(fetch(&world, "/ledger/checkpoint").await.0, 404, "not begun");
        integrate_all(&world.app).await.unwrap();
        let events = world.events().await;
        let (status, kind, _, note) = fetch(&world, "/ledger/checkpoint").await;
        assert_eq!((status, kind.as_str()), (200, "text/plain; charset=utf-8"));
        let signed = read(std::str::from_utf8(&note).unwrap());
        assert_eq!(usize::try_from(signed.size).unwrap(), events.len());
        assert!(signed.size > 256);
        // The key's name is the origin, and the origin is where the log is.
        let key: VerifierKey = find_public_key(&world.app).await.unwrap().parse().unwrap();
        assert_eq!(key.name, signed.origin);
        let place = signed.origin.strip_prefix("orglink.test").unwrap();
        let (status, _, _, again) = fetch(&world, &format!("{place}/checkpoint")).await;
        assert_eq!((status, &again), (200, &note));

        let rest = signed.size - 256;
        let mut leaves = Vec::new();
        for name in ["000".to_owned(), format!("001.p/{rest}")] {
            let (status, kind, keep, bundle) = fetch(&world, &format!("{place}/tile/entries/{name}")).await;
            assert_eq!((status, kind.as_str()), (200, "application/octet-stream"));
            assert!(keep.contains("immutable"), "{keep}");
            let (_, _, keep, same) = fetch(&world, &format!("/ledger/tile/entries/{name}")).await;
            assert_eq!((keep.contains("immutable"), &same), (false, &bundle));
            let mut bytes = bundle.as_slice();
            let mut of_bundle = Vec::new();
            while let Some((length, behind)) = bytes.split_first_chunk::<2>() {
                let (entry, behind) = behind.split_at(usize::from(u16::from_be_bytes(*length)));
                let text = std::str::from_utf8(entry).unwrap();
                assert!(!text.contains('@') && !text.contains("Meridian"), "{text}");
                let event = &events[leaves.len() + of_bundle.len()];
                let value: serde_json::Value = serde_json::from_slice(entry).unwrap();
                assert_eq!((value["type"].as_str(), value["commitment"].as_str()), (Some(event.kind.as_str()), Some(event.commitment.to_string().as_str())));
                of_bundle.push(hash_leaf(entry));
                bytes = behind;
            }
            let (status, _, _, tile) = fetch(&world, &format!("{place}/tile/0/{name}")).await;
            assert_eq!((status, tile), (200, of_bundle.iter().flat_map(|h| *h.as_bytes()).collect::<Vec<u8>>()));
            leaves.extend(of_bundle);
        }
        assert_eq!(plain_root(&leaves), signed.root);
        let (status, _, _, above) = fetch(&world, &format!("{place}/tile/1/000.p/1")).await;
        assert_eq!((status, above.as_slice()), (200, plain_root(&leaves[..256]).as_bytes().as_slice()));
        for absent in ["tile/0/002", "tile/0/001", "tile/entries/001", "tile/2/000.p/1", "tile/0/0", "tile/x", "nowhere"] {
            assert_eq!(fetch(&world, &format!("{place}/{absent}")).await.0, 404, "{absent}");
        }

        for position in [1, 2, 256, 257, i64::try_from(signed.size).unwrap()] {
            let proof = prove_inclusion(&world.app, position).await.unwrap();
            let leaf = leaves[usize::try_from(proof.index).unwrap()];
            assert_eq!(proof.leaf_hash, leaf);
            assert!(is_included(&leaf, proof.index, proof.size, &proof.path, &signed.root), "{position}");
        }
        assert!(matches!(prove_inclusion(&world.app, 0).await, Err(Error::NotFound { .. })));
        assert!(matches!(prove_inclusion(&world.app, i64::try_from(signed.size).unwrap() + 1).await, Err(Error::NotFound { .. })));
        assert_eq!(problems(&world.app).await, Vec::<String>::new());
    }

    async fn several_at_once_make_one_history(world) {
        let world = busy(world).await;
        let tasks: Vec<_> = (0..6).map(|_| {
            let app = Arc::clone(&world.app);
            tokio::spawn(async move {
                for _ in 0..6 {
                    integrate(&app).await.unwrap();
                }
            })
        }).collect();
        for round in 0..6 {
            world.import(&format!("{{\"type\":\"account\",\"email\":\"at-once-{round}@else.example\",\"name\":\"L\"}}")).await.unwrap();
            world.events().await;
        }
        for task in tasks {
            task.await.unwrap();
        }
        integrate_all(&world.app).await.unwrap();
        assert_eq!(problems(&world.app).await, Vec::<String>::new());
        assert_eq!(usize::try_from(checkpoint(&world.app).await.size).unwrap(), world.events().await.len());
    }

    async fn killed_at_every_place_it_goes_on_to_the_same_root(world) {
        let world = world.with_company().await;
        world.events().await;
        let folder = tempfile::tempdir().unwrap();
        let (config, key) = (folder.path().join("orglink.toml"), folder.path().join("key"));
        std::fs::write(&config, format!("[secrets]\nkey_file = \"{}\"\n", key.display())).unwrap();
        let config = config.display().to_string();
        // Begins it, with a key.
        assert_eq!(run(&world, &["ledger", "public-key", "--json", "--config", &config]).0, 0);
        for point in POINTS.iter().filter(|p| p.starts_with("ledger.")) {
            world.import(&format!("{{\"type\":\"account\",\"email\":\"{point}@else.example\",\"name\":\"L\"}}")).await.unwrap();
            let mut command = Command::new(PROGRAM);
            command.args(["ledger", "checkpoint", "--config", &config, "--database", &address_text(&world.database.address())]);
            let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env("ORGLINK_FAULT", point).status().unwrap();
            assert!(!status.success(), "{point} was not passed");
            assert_eq!(problems(&world.app).await, Vec::<String>::new(), "after {point}");
        }
        let (code, found, stderr) = run(&world, &["ledger", "checkpoint", "--json", "--config", &config]);
        assert_eq!(code, 0, "{stderr}");
        let leaves: Vec<Digest> = {
            let mut tx = world.app.db.begin_read().await.unwrap();
            let entries = orglink_store::ledger::list_entries(&mut tx, 0, 1000).await.unwrap();
            entries.iter().map(|e| hash_leaf(&e.to_bytes().unwrap())).collect()
        };
        let signed = read(found["checkpoint"].as_str().unwrap());
        assert_eq!((usize::try_from(signed.size).unwrap(), signed.root), (leaves.len(), plain_root(&leaves)));
        let (code, verified, _) = run(&world, &["ledger", "verify", "--json", "--config", &config]);
        assert_eq!((code, &verified["valid"], verified["size"].as_u64()), (0, &true.into(), Some(signed.size)));
        let (code, proof, _) = run(&world, &["ledger", "proof", "--position", "1", "--json", "--config", &config]);
        assert_eq!((code, proof["index"].as_u64(), proof["checkpoint"].as_str()), (0, Some(0), found["checkpoint"].as_str()));
        assert_eq!(run(&world, &["ledger", "proof", "--position", "99999", "--json", "--config", &config]).0, 4);
        let (code, _, stderr) = run(&world, &["doctor", "--json", "--config", &config]);
        assert_eq!(code, 0, "{stderr}");
    }

    async fn what_was_changed_afterwards_is_found(world) {
        let world = busy(world).await;
        integrate_all(&world.app).await.unwrap();
        assert_eq!(run(&world, &["ledger", "verify"]).0, 0);
        let third = "WHERE id = (SELECT event_id FROM event_position WHERE position = 3)";
        let cases = [
            (format!("UPDATE event SET actor_through = 'own' {third}"), format!("UPDATE event SET actor_through = 'operator' {third}"), "position 3"),
            ("UPDATE event_position SET position = 900000 WHERE position = 2".to_owned(), "UPDATE event_position SET position = 2 WHERE position = 900000".to_owned(), "position 2"),
            ("UPDATE ledger_tile SET tile_index = 77 WHERE level = 0 AND tile_index = 0".to_owned(), "UPDATE ledger_tile SET tile_index = 0 WHERE tile_index = 77".to_owned(), "tile 0/0"),
            ("UPDATE ledger_log SET note = REPLACE(note, '— ', '— x')".to_owned(), "UPDATE ledger_log SET note = REPLACE(note, '— x', '— ')".to_owned(), "not signed"),
        ];
        for (break_it, mend_it, told) in cases {
            tamper(&world, &break_it).await;
            let found = problems(&world.app).await;
            assert!(found.iter().any(|p| p.contains(told)), "{break_it}: {found:?}");
            assert_eq!(run(&world, &["ledger", "verify", "--json"]).0, 3, "{break_it}");
            let (code, report, _) = run(&world, &["doctor", "--json"]);
            let check = report["checks"].as_array().unwrap().iter().find(|c| c["name"] == "ledger").unwrap();
            assert_eq!((code, &check["health"]), (1, &"fail".into()), "{break_it}");
            tamper(&world, &mend_it).await;
            assert_eq!(problems(&world.app).await, Vec::<String>::new(), "{mend_it}");
        }
        // What is at the edge is not signed over again.
        let last = world.events().await.len();
        tamper(&world, &format!("UPDATE event SET actor_through = 'own' WHERE id = (SELECT event_id FROM event_position WHERE position = {last})")).await;
        world.import("{\"type\":\"account\",\"email\":\"edge@else.example\",\"name\":\"L\"}").await.unwrap();
        world.events().await;
        let before = checkpoint(&world.app).await;
        assert!(matches!(integrate(&world.app).await, Err(Error::Refused(_))));
        assert_eq!(checkpoint(&world.app).await, before);
    }

    async fn a_restored_older_backup_signs_no_second_history(world) {
        let world = world.with_company().await;
        world.events().await;
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("key.ledger");
        let signing = noting(&world, Db::open(&world.database.address()).await.unwrap(), mark.clone());
        // Before the ledger, with a short ledger, with all of it.
        let fresh = || match world.database {
            TestDatabase::Sqlite(_) => TestDatabase::sqlite(),
            TestDatabase::Postgres { .. } => TestDatabase::postgres().unwrap(),
        };
        let (none, short, whole) = (fresh(), fresh(), fresh());
        copy_database(&world.app.db, &none.address(), &|_, _| {}).await.unwrap();
        integrate_all(&signing).await.unwrap();
        copy_database(&world.app.db, &short.address(), &|_, _| {}).await.unwrap();
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        world.events().await;
        integrate_all(&signing).await.unwrap();
        let signed = checkpoint(&signing).await;
        copy_database(&world.app.db, &whole.address(), &|_, _| {}).await.unwrap();

        // All that was signed is there: it goes on.
        let all = noting(&world, Db::open(&whole.address()).await.unwrap(), mark.clone());
        assert_eq!(integrate(&all).await.unwrap(), 0);
        assert_eq!(problems(&all).await, Vec::<String>::new());
        for older in [&none, &short] {
            let app = noting(&world, Db::open(&older.address()).await.unwrap(), mark.clone());
            let refused = integrate(&app).await.unwrap_err().to_string();
            assert!(refused.contains("orglink ledger restart"), "{refused}");
        }
        let restored = noting(&world, Db::open(&short.address()).await.unwrap(), mark.clone());
        assert!(problems(&restored).await.iter().any(|p| p.contains("older backup")));
        restart(&restored, &Principal::local_operator(), "The disk was lost.").await.unwrap();
        orglink_app::upkeep::sequence_all(&restored).await.unwrap();
        integrate_all(&restored).await.unwrap();
        let after = checkpoint(&restored).await;
        assert_ne!(after.origin, signed.origin);
        let named = format!("previous {} {} ", signed.origin, signed.size);
        assert!(after.extensions.iter().any(|line| line.starts_with(&named)), "{after:?}");
        assert_eq!(problems(&restored).await, Vec::<String>::new());
        // The database that was given up signs no more either.
        assert!(matches!(integrate(&signing).await, Err(Error::Refused(_))));
        let mut tx = restored.db.begin_read().await.unwrap();
        let told = orglink_store::event::list_of_type(&mut tx, EventType::LedgerRestarted, None, 10).await.unwrap();
        assert_eq!(told[0].payload.as_ref().unwrap()["reason"], "The disk was lost.");
        drop(tx);
        for app in [signing, all, restored] {
            app.db.close().await;
        }
    }

    async fn an_older_key_of_the_installation_still_opens_it(world) {
        let world = world.with_company().await;
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        let key = find_public_key(&world.app).await.unwrap();
        world.app.key.replace(&Key::with_older([8; 32], [[7; 32]]));
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        // By now it is encrypted under the new one.
        world.app.key.replace(&Key::new([8; 32]));
        world.link("ada@meridian.example", "harbor-ops", "harbor").await.unwrap();
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        assert_eq!(find_public_key(&world.app).await.unwrap(), key);
        assert_eq!(problems(&world.app).await, Vec::<String>::new());
        world.app.key.replace(&Key::new([9; 32]));
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        world.events().await;
        let refused = integrate(&world.app).await.unwrap_err().to_string();
        assert!(refused.contains("another key file"), "{refused}");
    }
}
