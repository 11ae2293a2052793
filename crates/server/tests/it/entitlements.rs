//! What workspaces may use: switches, since when, the tokens of products, and answers from memory that are never old.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use orglink_app::entitlement::{confirm_kept, know_workspace};
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::{App, Principal, installation::grant_operator};
use orglink_domain::entitlement::Stage;
use orglink_domain::token::Scope;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};

const ADA: &str = "ada@meridian.example";
const OLGA: &str = "olga@operator.example";
const W: &str = "atlas-platform";
const SWITCH: &str = "/organizations/meridian/switches/rovo_dev_agents";
const AGENTS: &str = "/workspaces/atlas-platform/entitlements/rovo_dev_agents";

/// The minute of a moment: the clock of tests counts on a little with every look.
fn minute(at: &Value) -> String {
    at.as_str().map(|at| at.chars().take(16).collect()).unwrap_or_default()
}

/// A condition of an entitlement, by its code.
fn condition(answer: &Answer, code: &str) -> Value {
    let found = answer.json();
    let conditions = found["conditions"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    conditions.iter().find(|c| c["code"] == code).unwrap_or_else(|| panic!("{code}: {}", answer.text)).clone()
}

fn on(is_on: bool) -> Value {
    json!({ "is_on": is_on })
}

/// The token of a product, made by an operator.
async fn product(world: &TestApp) -> String {
    grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    world.token_for(OLGA, vec![Scope::Entitlements]).await
}

both! {
    async fn a_switch_is_turned_by_the_organization_s_admins_and_opens_what_needs_it(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let before = world.api(&ada, "GET", AGENTS, None).await;
        assert_eq!(before.json()["entitled"], false);
        assert_eq!(condition(&before, "organization_switch")["since"], Value::Null);
        world.link(ADA, W, "meridian").await.unwrap();
        let linked = world.api(&ada, "GET", AGENTS, None).await;
        assert_eq!((condition(&linked, "linked")["holds"].clone(), linked.json()["entitled"].clone()), (true.into(), false.into()));
        let step = &condition(&linked, "organization_switch")["steps"][0]["url"];
        assert_eq!(step, "http://orglink.test/organizations/meridian/features");

        let cleo = world.token("cleo@meridian.example").await;
        assert_eq!(world.change(&cleo, "PUT", SWITCH, Some(on(true))).await.status, 403, "an auditor reads only");
        let mia = world.token("mia@meridian.example").await;
        assert_eq!(world.change(&mia, "PUT", SWITCH, Some(on(true))).await.status, 404, "of the workspace alone");
        assert_eq!(world.change_if(&ada, "PUT", SWITCH, Some(on(true)), "").await.status, 428);
        assert_eq!(world.change_if(&ada, "PUT", SWITCH, Some(on(true)), "\"99\"").await.status, 412);
        assert_eq!(world.change(&ada, "PUT", "/organizations/meridian/switches/nonsense", Some(on(true))).await.status, 404);
        assert_eq!(world.change(&ada, "PUT", SWITCH, Some(json!({ "on": true }))).await.status, 400);

        world.clock.advance(60);
        let turned = world.change(&ada, "PUT", SWITCH, Some(on(true))).await;
        assert_eq!((turned.status, turned.json()["is_on"].clone()), (200, true.into()), "{}", turned.text);
        let again = world.change(&ada, "PUT", SWITCH, Some(on(true))).await;
        assert_eq!((again.etag.as_str(), again.json()["since"].clone()), (turned.etag.as_str(), turned.json()["since"].clone()), "nothing happened");
        // What it says of its version is so: the next change goes through by it.
        assert_eq!(world.api(&ada, "GET", "/organizations/meridian", None).await.etag, again.etag);
        assert_eq!(world.change_if(&ada, "PUT", SWITCH, Some(on(true)), "\"1\"").await.status, 412, "not as it was seen, though nothing would happen");
        let after = world.api(&ada, "GET", AGENTS, None).await;
        assert_eq!(after.json()["entitled"], true, "{}", after.text);
        assert_eq!(minute(&condition(&after, "organization_switch")["since"]), "2026-01-05T09:01");
        world.tell().await;
        let activity = world.api(&ada, "GET", "/organizations/meridian/events", None).await;
        assert!(activity.text.contains("turned on rovo_dev_agents"), "{}", activity.text);
        // A plan says what is there after the link, switches included.
        let plan = world.api(&ada, "POST", "/link-plans", Some(json!({ "workspace": "docs-site", "organization": "meridian" }))).await;
        assert!(plan.text.contains("rovo_dev_agents"), "{}", plan.text);
        world.clock.advance(60);
        assert_eq!(world.change(&ada, "PUT", SWITCH, Some(on(false))).await.status, 200);
        let off = condition(&world.api(&ada, "GET", AGENTS, None).await, "organization_switch");
        assert_eq!((off["holds"].clone(), minute(&off["since"])), (false.into(), "2026-01-05T09:02".into()));
        world.check_invariants().await;
    }

    async fn a_plan_that_was_shown_is_refused_once_a_switch_changed_what_it_says(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let body = json!({ "workspace": W, "organization": "meridian" });
        let plan = world.api(&ada, "POST", "/link-plans", Some(body)).await.json();
        assert_eq!(world.change(&ada, "PUT", SWITCH, Some(on(true))).await.status, 200);
        let link = json!({ "workspace": W, "organization": "meridian", "plan_digest": plan["plan"]["digest"], "acknowledge_all": true });
        let refused = world.api(&ada, "POST", "/links", Some(link)).await;
        assert_eq!((refused.status, refused.json()["code"].clone()), (409, "plan_changed".into()), "{}", refused.text);
    }

    async fn since_says_when_each_fact_changed_and_nothing_else_moves_it(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let packages = format!("/workspaces/{W}/entitlements/packages");
        let since = async |code: &str| minute(&condition(&world.api(&ada, "GET", &packages, None).await, code)["since"]);
        let known = since("plan").await;
        world.clock.advance(3600);
        let path = format!("/workspaces/{W}");
        assert_eq!(world.change(&ada, "PATCH", &path, Some(json!({ "plan": "standard" }))).await.status, 200);
        assert_eq!(since("plan").await, "2026-01-05T10:00");
        assert_eq!((since("billing_cycle").await, since("linked").await), (known.clone(), known.clone()));
        world.clock.advance(3600);
        assert_eq!(world.change(&ada, "PATCH", &path, Some(json!({ "plan": "standard", "name": "Other", "billing_cycle": "annual" }))).await.status, 200);
        assert_eq!((since("plan").await, since("billing_cycle").await), ("2026-01-05T10:00".into(), "2026-01-05T11:00".into()));
        // An import says so too, of what it changes.
        world.clock.advance(3600);
        world.import(&format!(r#"{{"type":"workspace","slug":"{W}","name":"Atlas Platform","status":"active","plan":"free","kind":"team","billing_cycle":"annual"}}"#)).await.unwrap();
        assert_eq!((since("plan").await, since("billing_cycle").await), ("2026-01-05T12:00".into(), "2026-01-05T11:00".into()));
        world.check_invariants().await;
    }

    async fn a_product_asks_about_every_workspace_and_sees_nothing_else(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        let wanted = orglink_app::token::NewToken { name: "product".into(), scopes: vec![Scope::Entitlements], days: 1 };
        assert!(orglink_app::token::create_token(&world.app, &ada, &wanted).await.is_err(), "only operators make them");
        let token = product(&world).await;
        for workspace in [W, "harbor-ops", "night-shift"] {
            let answer = world.api(&token, "GET", &format!("/workspaces/{workspace}/entitlements"), None).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert!(!answer.text.contains("steps\":[{"), "a program is sent to no page: {}", answer.text);
            for hidden in ["", "/members", "/link", "/eligibility"] {
                let path = format!("/workspaces/{workspace}{hidden}");
                assert_eq!(world.api(&token, "GET", &path, None).await.status, 403, "{path}: another scope");
            }
        }
        assert_eq!(world.api(&token, "GET", "/workspaces/no-such/entitlements", None).await.status, 404);
        // With `read` besides, its operator is still nobody to a workspace of others.
        let both = world.token_for(OLGA, vec![Scope::Entitlements, Scope::Read]).await;
        assert_eq!(world.api(&both, "GET", &format!("/workspaces/{W}"), None).await.status, 404);
        // No operator any more: no product either.
        grant_operator(&world.app, &Principal::local_operator(), ADA).await.unwrap();
        orglink_app::operator::revoke_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
        assert_eq!(world.api(&token, "GET", &format!("/workspaces/{W}/entitlements"), None).await.status, 404);
    }

    async fn what_is_kept_is_never_older_than_a_second_on_any_replica(world) {
        let world = world.with_company().await.with_undo_window(3600).await;
        let token = product(&world).await;
        let other = world.replica().await;
        let replicas = [Arc::clone(&world.app), Arc::clone(&other)];
        // The loops of two servers.
        let stop = Arc::new(AtomicBool::new(false));
        let mut loops = Vec::new();
        for app in replicas.clone() {
            let stop = Arc::clone(&stop);
            loops.push(tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    confirm_kept(&app).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }));
        }
        // What was so from when at the earliest, until when at the latest.
        let mut states = vec![(Instant::now(), None, false)];
        // Products that never stop asking, each answer with when it was asked for.
        let mut askers = Vec::new();
        for app in replicas {
            let (stop, token) = (Arc::clone(&stop), token.clone());
            askers.push(tokio::spawn(async move {
                let mut answers = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let asked = Instant::now();
                    let said = is_linked(&app, &token).await;
                    answers.push((asked, Instant::now(), said));
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                answers
            }));
        }
        let ada = world.person(ADA).await;
        for round in 0..12 {
            let (linked, began) = (round % 2 == 0, Instant::now());
            if linked {
                world.link(ADA, W, "meridian").await.unwrap();
            } else {
                undo_link(&world.app, &ada, W, &UndoRequest { plan_digest: None, reason: None }).await.unwrap();
            }
            states.last_mut().unwrap().1 = Some(Instant::now());
            states.push((began, None, linked));
            // Sometimes placed at once, sometimes waiting for its place.
            if round % 3 == 0 {
                orglink_app::upkeep::sequence_pending(&world.app).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(1300)).await;
        }
        stop.store(true, Ordering::Relaxed);
        for one in loops {
            one.await.unwrap();
        }
        for asker in askers {
            let answers = asker.await.unwrap();
            let mut decisive = 0;
            for (asked, answered, said) in &answers {
                let was_so = |(from, until, _): &&(Instant, Option<Instant>, bool)| {
                    from <= answered && until.is_none_or(|until| until + Duration::from_secs(1) >= *asked)
                };
                let possible: Vec<bool> = states.iter().filter(was_so).map(|state| state.2).collect();
                assert!(possible.contains(said), "{said} was so more than a second before it was asked");
                decisive += usize::from(!possible.contains(&!said));
            }
            assert!(decisive > 20, "{decisive} of {} answers", answers.len());
        }
    }

    async fn whatever_changes_what_features_look_at_is_forgotten(world) {
        let world = world.with_company().await.with_undo_window(3600).await;
        let token = product(&world).await;
        let (ada, ada_s) = (world.person(ADA).await, world.token(ADA).await);
        let path = format!("/workspaces/{W}");
        let other = world.replica().await;
        // Asked at another server than that of the changes, so that only the database can have told it.
        let differs = async |what: &str, before: String| {
            confirm_kept(&other).await.unwrap();
            let kept = facts(&other, &token).await;
            assert_ne!(kept, before, "{what}: nothing changed");
            let fresh = facts(&*world.replica().await, &token).await;
            assert_eq!(kept, fresh, "{what}: old");
            // Kept again, for the next.
            confirm_kept(&other).await.unwrap();
            facts(&other, &token).await
        };
        let mut now = facts(&other, &token).await;
        let record = |plan: &str| format!(r#"{{"type":"workspace","slug":"{W}","name":"Atlas Platform","status":"active","kind":"team","billing_cycle":"monthly","plan":"{plan}"}}"#);
        for plan in ["standard", "premium"] {
            world.import(&record(plan)).await.unwrap();
            now = differs("an import", now).await;
        }
        assert_eq!(world.change(&ada_s, "PATCH", &path, Some(json!({ "billing_cycle": "annual" }))).await.status, 200);
        now = differs("a change by an admin", now).await;
        world.link(ADA, W, "meridian").await.unwrap();
        now = differs("a link", now).await;
        for is_on in [true, false, true] {
            assert_eq!(world.change(&ada_s, "PUT", SWITCH, Some(on(is_on))).await.status, 200);
            now = differs("a switch", now).await;
        }
        undo_link(&world.app, &ada, W, &UndoRequest { plan_digest: None, reason: None }).await.unwrap();
        differs("an undoing", now).await;
    }

    async fn without_looks_answers_grow_old_and_are_read_again(world) {
        let world = world.with_company().await;
        let token = product(&world).await;
        assert!(!is_linked(&world.app, &token).await);
        world.link(ADA, W, "meridian").await.unwrap();
        // No loop runs in this process: nothing confirms what it keeps.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(is_linked(&world.app, &token).await);
    }

    async fn a_slug_that_goes_to_another_workspace_takes_no_answer_along(world) {
        let world = world.with_company().await;
        let token = product(&world).await;
        let plan = async |slug: &str| {
            let caller = orglink_app::entitlement::authenticate_product(&world.app, &token).await.unwrap();
            know_workspace(&world.app, &caller, slug).await.map(|known| (known.workspace, known.facts.plan))
        };
        let first = plan("ada-brandt").await.unwrap();
        confirm_kept(&world.app).await.unwrap();
        let ada = world.token(ADA).await;
        assert_eq!(world.change(&ada, "DELETE", "/workspaces/ada-brandt", None).await.status, 204);
        confirm_kept(&world.app).await.unwrap();
        assert!(plan("ada-brandt").await.is_err(), "gone");
        world.import(r#"{"type":"workspace","slug":"ada-brandt","name":"New","kind":"team","plan":"premium","billing_cycle":"monthly"}"#).await.unwrap();
        assert_ne!(plan("Ada-Brandt").await.unwrap().0, first.0);
        assert_eq!(know(&world, &token, &first.0.to_string()).await, None, "nor by its id");
    }

    async fn a_token_that_ended_is_forgotten_too(world) {
        let world = world.with_company().await;
        let token = product(&world).await;
        assert!(know(&world, &token, W).await.is_some());
        confirm_kept(&world.app).await.unwrap();
        // It expires: no event says so.
        world.clock.advance(31 * 24 * 3600);
        assert!(orglink_app::entitlement::authenticate_product(&world.app, &token).await.is_err());
        // It is revoked.
        let token = product(&world).await;
        assert!(know(&world, &token, W).await.is_some());
        let olga = world.token(OLGA).await;
        let listed = world.api(&olga, "GET", "/tokens", None).await.json();
        for item in listed["items"].as_array().unwrap() {
            if item["scopes"] == json!(["entitlements"]) {
                let path = format!("/tokens/{}", item["id"].as_str().unwrap());
                assert_eq!(world.change(&olga, "DELETE", &path, None).await.status, 204);
            }
        }
        confirm_kept(&world.app).await.unwrap();
        assert!(orglink_app::entitlement::authenticate_product(&world.app, &token).await.is_err());
    }
}

async fn know(world: &TestApp, token: &str, reference: &str) -> Option<Stage> {
    let caller = orglink_app::entitlement::authenticate_product(&world.app, token).await.unwrap();
    know_workspace(&world.app, &caller, reference).await.ok().map(|known| known.facts.stage)
}

/// Everything that features look at, as it is kept.
async fn facts(app: &App, token: &str) -> String {
    let caller = orglink_app::entitlement::authenticate_product(app, token).await.unwrap();
    let known = know_workspace(app, &caller, W).await.unwrap();
    format!("{:?} {:?}", known.organization, known.facts)
}

async fn is_linked(app: &App, token: &str) -> bool {
    let caller = orglink_app::entitlement::authenticate_product(app, token).await.unwrap();
    know_workspace(app, &caller, W).await.unwrap().facts.stage >= Stage::Linked
}
