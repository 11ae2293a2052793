//! The operator's stop switch: linking, imports and mail stop; what keeps accounts safe goes on.

use orglink_app::import::{ImportOptions, ImportProgress, Source, import_records};
use orglink_app::installation::change_freeze;
use orglink_app::outbox::deliver;
use orglink_app::{Error, Principal};
use orglink_domain::event::EventType;
use orglink_domain::notice::MailState;
use orglink_testkit::{TestApp, both};

use crate::cli::run;

const ADA: &str = "ada@meridian.example";
const RECORD: &str = r#"{"type":"workspace","slug":"late","name":"Late"}"#;

async fn freeze(world: &TestApp, is_frozen: bool) {
    let reason = is_frozen.then(|| "Quarter end.".to_owned());
    change_freeze(&world.app, &Principal::local_operator(), is_frozen, reason).await.unwrap();
}

both! {
    async fn no_import_begins_but_a_dry_run_and_nothing_of_it_is_kept(world) {
        let world = world.with_company().await;
        freeze(&world, true).await;
        let Err(Error::Refused(no)) = world.import(RECORD).await else { panic!("imports are stopped") };
        assert_eq!(no.code, "imports_frozen");
        assert!(no.detail.contains("Quarter end."), "{}", no.detail);
        let source = Source { name: "t".to_owned(), reader: Box::new(std::io::Cursor::new(RECORD)) };
        let dry = ImportOptions { is_dry_run: true, rejects: None };
        let progress = std::sync::Arc::new(ImportProgress::default());
        import_records(&world.app, &Principal::local_operator(), vec![source], dry, &progress).await.unwrap();
        // By the API, before a byte of the file is read, and by the command line.
        orglink_app::installation::grant_operator(&world.app, &Principal::local_operator(), ADA).await.unwrap();
        let token = world.token(ADA).await;
        let bearer = format!("Bearer {token}");
        let answer = world.send("POST", "/api/v1/imports", &[("authorization", &bearer)], RECORD).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("imports_frozen")), "{}", answer.text);
        let file = std::env::temp_dir().join(format!("orglink-late-{}-{}.ndjson", std::process::id(), world.app.db.kind()));
        std::fs::write(&file, RECORD).unwrap();
        let (exit, said, _) = run(&world, &["import", &file.display().to_string(), "--json"]);
        assert_eq!((exit, said["code"].as_str()), (3, Some("imports_frozen")));
        let missing = orglink_app::workspace::view_workspace(&world.app, &Principal::local_operator(), "late").await;
        assert!(matches!(missing, Err(Error::NotFound { .. })));
        let imports = world.events().await.iter().filter(|e| e.kind == EventType::ImportCompleted).count();
        freeze(&world, false).await;
        world.import(RECORD).await.unwrap();
        assert_eq!(world.events().await.iter().filter(|e| e.kind == EventType::ImportCompleted).count(), imports + 1);
        std::fs::remove_file(&file).unwrap();
        world.check_invariants().await;
    }

    async fn mails_wait_but_those_for_the_safety_of_accounts(world) {
        let world = world.with_company().await;
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        world.tell().await;
        freeze(&world, true).await;
        assert_eq!(deliver(&world.app).await.unwrap(), 0, "mails about a link wait");
        orglink_app::sign_in::ask_for_link(&world.app, ADA, "/", &orglink_app::sign_in::Device::default()).await.unwrap();
        orglink_app::sign_in::answer_requests(&world.app).await.unwrap();
        assert_eq!(deliver(&world.app).await.unwrap(), 1, "a link to sign in goes");
        let mut tx = world.app.db.begin_read().await.unwrap();
        let all = orglink_store::mail::list(&mut tx, None, 500, None).await.unwrap();
        drop(tx);
        let waiting = all.iter().filter(|m| m.state == MailState::Waiting).count();
        assert!(waiting >= 2 && waiting == all.len() - 1, "{all:?}");
        assert!(all.iter().filter(|m| m.state == MailState::Waiting).all(|m| m.attempts == 0), "nothing is held against them");
        freeze(&world, false).await;
        let mut sent = 0;
        while deliver(&world.app).await.unwrap() > 0 {
            sent += 1;
        }
        assert!(sent > 0);
        assert_eq!(world.post.accepted().len(), all.len());
        world.check_invariants().await;
    }
}
