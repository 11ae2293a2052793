//! Second thoughts: a link is undone by either side while its window lasts, and is sealed afterwards.

use orglink_app::link::{UndoRequest, make_plan, plan_undo, undo_link};
use orglink_app::{Error, workspace};
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;
use crate::notify::subjects;

const ADA: &str = "ada@meridian.example";
/// Admin of the organization, and nothing in the workspace.
const BEN: &str = "ben@meridian.example";
/// Member of the workspace.
const IVO: &str = "ivo@meridian.example";
/// Of another company.
const LENA: &str = "lena@harbor.example";
const DAY: i64 = 24 * 60 * 60;
const WINDOW: i64 = 30 * DAY;
const W: &str = "atlas-platform";

async fn linked(world: TestApp) -> TestApp {
    let world = world.with_company().await.with_undo_window(WINDOW).await;
    world.link(ADA, W, "meridian").await.unwrap();
    world
}

async fn undo(world: &TestApp, who: &str) -> Result<u64, Error> {
    let request = UndoRequest { plan_digest: None, reason: Some("The wrong one.".to_owned()) };
    undo_link(&world.app, &world.person(who).await, W, &request).await.map(|undone| undone.links)
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        other => panic!("not refused: {other:?}"),
    }
}

/// Subjects and texts of what somebody was told about an undone link.
async fn told(world: &TestApp, who: &str) -> usize {
    subjects(world, who).await.iter().filter(|s| s.contains("is no longer linked")).count()
}

both! {
    async fn either_side_undoes_and_nothing_but_the_link_is_gone(world) {
        let world = world.with_company().await.with_undo_window(WINDOW).await;
        let before = world.export().await;
        for who in [ADA, BEN] {
            world.link(ADA, W, "meridian").await.unwrap();
            assert_eq!(undo(&world, who).await.unwrap(), 1, "{who}");
            assert_eq!(world.export().await, before);
            assert_eq!(code(undo(&world, ADA).await), "not_linked");
        }
        let events = world.events().await;
        let ended: Vec<_> = events.iter().filter(|e| e.kind == EventType::WorkspaceUnlinked).collect();
        assert_eq!(ended.len(), 2);
        for event in ended {
            let payload: &Value = event.payload.as_ref().unwrap();
            assert_eq!((&payload["because"], &payload["was_automatic"]), (&json!("undone"), &json!(false)));
            assert_eq!(payload["access"]["before"], payload["access"]["after"]);
            assert!(payload["plan_digest"].as_str().unwrap().starts_with("sha256:"));
        }
        let view = workspace::view_workspace(&world.app, &world.person(ADA).await, W).await.unwrap();
        assert!(view.link.is_none() && view.eligibility.eligible);
        assert_eq!((told(&world, ADA).await, told(&world, BEN).await, told(&world, IVO).await), (2, 2, 0));
        assert!(world.deliver().await.iter().any(|mail| mail.contains("The wrong one.")));
        world.check_invariants().await;
    }

    async fn when_the_window_is_over_it_is_sealed(world) {
        let world = linked(world).await;
        world.clock.advance(WINDOW - 60);
        let plan = plan_undo(&world.app, &world.person(ADA).await, W).await.unwrap();
        assert_eq!(plan.document["entitlements"]["after"], json!([]));
        assert!(!plan.document["entitlements"]["before"].as_array().unwrap().is_empty());
        world.clock.advance(60);
        assert_eq!(code(undo(&world, ADA).await), "undo_window_over");
        let (cookie, _) = world.session(ADA).await;
        let page = world.send("GET", &format!("/workspaces/{W}"), &[("cookie", &cookie)], "").await.text;
        assert!(page.contains("The link is permanent.") && !page.contains("/undo\""), "{page}");
    }

    async fn by_default_a_link_is_permanent_and_undoing_is_nowhere(world) {
        let world = world.with_company().await;
        let plan = make_plan(&world.app, &world.person(ADA).await, W, "meridian").await.unwrap();
        assert!(plan.warnings.iter().any(|w| w.as_str() == "link_is_permanent"));
        world.link(ADA, W, "meridian").await.unwrap();
        assert_eq!(code(plan_undo(&world.app, &world.person(ADA).await, W).await), "link_is_permanent");
        let (cookie, _) = world.session(ADA).await;
        for path in [format!("/workspaces/{W}"), "/organizations/meridian/link".to_owned()] {
            let page = world.send("GET", &path, &[("cookie", &cookie)], "").await.text;
            assert!(page.contains("permanent") && !page.contains("/undo") && !page.contains("Undo"), "{path}: {page}");
        }
        // The policy is the link's own: what another operator allows later does not open it again.
        let world = world.with_undo_window(WINDOW).await;
        assert_eq!(code(undo(&world, ADA).await), "link_is_permanent");
        // Nor does forbidding it take away what was given.
        world.link(ADA, "atlas-mobile", "meridian").await.unwrap();
        let world = world.with_undo_window(0).await;
        let (ada, request) = (world.person(ADA).await, UndoRequest::default());
        assert_eq!(undo_link(&world.app, &ada, "atlas-mobile", &request).await.unwrap().links, 1);
    }

    async fn with_a_window_the_wizard_says_for_how_long(world) {
        let world = world.with_company().await.with_undo_window(WINDOW).await;
        let plan = make_plan(&world.app, &world.person(ADA).await, W, "meridian").await.unwrap();
        assert!(plan.warnings.iter().all(|w| w.as_str() != "link_is_permanent"));
        let (cookie, _) = world.session(ADA).await;
        let plan = format!("/organizations/meridian/link/plans/{}", plan.plan.digest);
        for path in ["/organizations/meridian/link", plan.as_str()] {
            let page = world.send("GET", path, &[("cookie", &cookie)], "").await.text;
            assert!(page.contains("For 30 days an admin of either side can undo"), "{path}: {page}");
        }
    }

    async fn nobody_else_undoes_it_or_learns_of_it(world) {
        let world = linked(world).await;
        assert_eq!(code(undo(&world, LENA).await), "not_found");
        assert!(code(undo(&world, IVO).await) != "not_found");
        assert!(world.events().await.iter().all(|e| e.kind != EventType::WorkspaceUnlinked));
        let tokens = (world.token(LENA).await, world.token(IVO).await);
        for method in ["GET", "POST"] {
            let path = format!("/workspaces/{W}/link/undo");
            assert_eq!(world.api(&tokens.0, method, &path, None).await.status, 404);
            assert_eq!(world.api(&tokens.1, method, &path, None).await.status, 403);
        }
        world.check_invariants().await;
    }

    async fn what_was_looked_at_is_what_is_undone(world) {
        let world = linked(world).await;
        let token = world.token(ADA).await;
        let path = format!("/workspaces/{W}/link/undo");
        let shown = world.api(&token, "GET", &path, None).await.json();
        assert_eq!(shown["document"]["action"], "undo");
        // Undone and linked again meanwhile: another link.
        undo(&world, BEN).await.unwrap();
        world.link(ADA, W, "meridian").await.unwrap();
        let stale = world.api(&token, "POST", &path, Some(json!({ "plan_digest": shown["digest"] }))).await;
        assert_eq!((stale.status, &stale.json()["code"]), (409, &json!("plan_changed")));
        let rubbish = world.api(&token, "POST", &path, Some(json!({ "plan_digest": "x" }))).await;
        assert_eq!(rubbish.status, 400, "{}", rubbish.text);
        let unknown = world.api(&token, "POST", &path, Some(json!({ "colour": "red" }))).await;
        assert_eq!(unknown.status, 400, "{}", unknown.text);
        let fresh = world.api(&token, "GET", &path, None).await.json();
        let done = world.api(&token, "POST", &path, Some(json!({ "plan_digest": fresh["digest"] }))).await;
        assert_eq!((done.status, &done.json()["links"]), (200, &json!(1)));
    }

    async fn several_at_once_undo_it_once(world) {
        let world = std::sync::Arc::new(linked(world).await);
        let mut set = tokio::task::JoinSet::new();
        for who in [ADA, BEN, ADA, BEN, ADA, BEN] {
            let world = std::sync::Arc::clone(&world);
            set.spawn(async move { undo(&world, who).await });
        }
        let mut undone = 0;
        while let Some(done) = set.join_next().await {
            match done.unwrap() {
                Ok(links) => undone += links,
                // Ben does not see it any more then.
                refused => assert!(["not_linked", "not_found"].contains(&code(refused))),
            }
        }
        assert_eq!(undone, 1);
        let events = world.events().await;
        assert_eq!(events.iter().filter(|e| e.kind == EventType::WorkspaceUnlinked).count(), 1);
        world.check_invariants().await;
    }

    async fn the_page_shows_what_it_does_and_does_it(world) {
        let world = linked(world).await;
        let (cookie, form_token) = world.session(BEN).await;
        let path = format!("/workspaces/{W}/undo");
        let page = world.send("GET", &path, &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("Locked again:") && page.text.contains("Possible until"), "{}", page.text);
        let digest = page.text.split("name=\"digest\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let digest = digest.replace(':', "%3A");
        let tampered = format!("form_token={form_token}&digest=sha256%3A{}", "0".repeat(64));
        assert_eq!(world.send("POST", &path, &headers, &tampered).await.status, 409);
        let form = format!("form_token={form_token}&digest={digest}&reason=Not+ours");
        let done = world.send("POST", &path, &headers, &form).await;
        // Ben has nothing to do with the workspace any more.
        assert_eq!((done.status, done.location.as_str()), (303, "/"));
    }

    async fn a_script_undoes(world) {
        let world = world.with_company().await;
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), "[link]\nundo_window = \"30d\"\n").unwrap();
        let config = config.path().display().to_string();
        let ada = ["--as", ADA, "--config", &config, "--json"];
        let link = ["link", "--workspace", W, "--organization", "meridian", "--yes"];
        assert_eq!(run(&world, &[&link[..], &ada[..]].concat()).0, 0);
        let (code, refusal, _) = run(&world, &["undo", "--workspace", W, "--as", LENA, "--yes", "--json"]);
        assert_eq!((code, &refusal["code"]), (4, &json!("not_found")));
        let (code, _, said) = run(&world, &["undo", "--workspace", W, "--as", ADA]);
        assert_eq!(code, 2, "nobody is there to ask: {said}");
        let undo = ["undo", "--workspace", W, "--reason", "a test"];
        let (code, looked, _) = run(&world, &[&undo[..], &["--dry-run"], &ada[..]].concat());
        assert_eq!((code, &looked["plan"]["document"]["action"]), (0, &json!("undo")));
        let (code, undone, _) = run(&world, &[&undo[..], &["--yes"], &ada[..]].concat());
        assert_eq!((code, &undone["links"]), (0, &json!(1)));
        let (code, refusal, _) = run(&world, &[&undo[..], &["--yes"], &ada[..]].concat());
        assert_eq!((code, &refusal["code"]), (3, &json!("not_linked")));
    }
}
