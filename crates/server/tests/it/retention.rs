//! What has ended is forgotten when the operator's retention says, not before, and what must stay stays.

use std::sync::Arc;

use orglink_app::consent::withdraw;
use orglink_app::system::SystemIds;
use orglink_app::token::revoke_token;
use orglink_app::{App, Key, Retention, catalog, sign_in, upkeep};
use orglink_domain::clock::IdSource as _;
use orglink_domain::digest::Digest;
use orglink_domain::id::SessionId;
use orglink_store::session::{self, NewSession};
use orglink_testkit::{TestApp, both};
use serde_json::json;

use crate::consent::{BEN, HANA, proposed, two_sided};

const ADA: &str = "ada@meridian.example";
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// The same database under another retention.
fn with(world: &TestApp, retention: Retention) -> App {
    let catalog = catalog::read(orglink_server::config::DEFAULT_CATALOG).unwrap();
    let settings = orglink_app::Settings { retention, ..world.app.settings.clone() };
    let (db, clock) = (world.app.db.clone(), world.clock.clone());
    App::new(db, catalog, settings, Key::new([7; 32]), clock, Arc::new(SystemIds::default())).unwrap()
}

async fn rows(world: &TestApp, table: &str) -> u64 {
    let tables = orglink_store::copy::digest_database(&world.app.db).await.unwrap();
    tables.into_iter().find(|t| t.table == table).unwrap().rows
}

both! {
    /// More than is deleted at a time.
    async fn however_much_ends_on_one_day(world) {
        let world = world.with_company().await;
        let (at, account) = (world.app.now(), world.person(ADA).await.account().unwrap().id);
        let ids = SystemIds::default();
        let mut tx = world.app.db.begin_write().await.unwrap();
        for n in 1..2_100_u128 {
            let new = NewSession { id: SessionId(ids.next(at)), account, user_agent: "", address: "", at, expires_at: at };
            session::create(&mut tx, &Digest::of(&[&n.to_be_bytes()]), new).await.unwrap();
        }
        tx.commit().await.unwrap();
        world.clock.advance(HOUR);
        world.session(ADA).await;
        upkeep::forget(&world.app).await.unwrap();
        assert_eq!(rows(&world, "session").await, 1, "that which has not ended");
    }

    /// Of a proposal that came to nothing nobody's words stay; open ones do.
    async fn proposals_that_came_to_nothing(world) {
        let world = two_sided(world).await;
        let hana = world.person(HANA).await;
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        withdraw(&world.app, &hana, &id).await.unwrap();
        world.clock.advance(364 * DAY);
        proposed(&world, BEN).await.unwrap();
        upkeep::forget(&world.app).await.unwrap();
        assert_eq!((rows(&world, "proposal").await, rows(&world, "proposal_consent").await), (2, 2));
        world.clock.advance(2 * DAY);
        upkeep::forget(&world.app).await.unwrap();
        assert_eq!((rows(&world, "proposal").await, rows(&world, "proposal_consent").await), (1, 1));
        let token = world.token(HANA).await;
        assert_eq!(world.api(&token, "GET", &format!("/proposals/{id}"), None).await.status, 404);
        world.check_invariants().await;
    }

    async fn each_thing_for_as_long_as_it_says(world) {
        let world = world.with_company().await;
        let token = world.token(ADA).await;
        world.session(ADA).await;
        let _ = sign_in::sign_in_with_password(&world.app, ADA, "not the password at all", &sign_in::Device::new("", "192.0.2.1")).await;
        let body = json!({ "name": "Kept", "slug": "kept" });
        let headers = [("authorization", format!("Bearer {token}"))];
        let headers = [("authorization", headers[0].1.as_str()), ("idempotency-key", "k")];
        assert_eq!(world.send("POST", "/api/v1/organizations", &headers, &body.to_string()).await.status, 201);
        let ada = world.person(ADA).await;
        orglink_app::link::make_plan(&world.app, &ada, "atlas-platform", "meridian").await.unwrap();
        let other = world.api(&token, "POST", "/tokens", Some(json!({ "name": "t", "scopes": ["read"], "days": 365 }))).await.json();
        revoke_token(&world.app, &ada, other["token"]["id"].as_str().unwrap()).await.unwrap();
        world.events().await;
        // Nothing has ended long enough yet.
        let counts = ["session", "token", "sign_in_failure", "idempotency", "link_plan", "event_payload"];
        upkeep::forget(&world.app).await.unwrap();
        for table in counts {
            assert!(rows(&world, table).await > 0, "{table} is forgotten at once");
        }
        let events = world.events().await.len();
        let gone = [("session", 2 * HOUR), ("sign_in_failure", 23 * HOUR), ("idempotency", 24 * HOUR), ("link_plan", 32 * DAY), ("token", 95 * DAY)];
        for (table, later) in gone {
            world.clock.advance(later);
            upkeep::forget(&world.app).await.unwrap();
            assert_eq!(rows(&world, table).await, 0, "{table} is kept for too long");
        }
        // What events say stays by default; when it is erased, the events stay, and so does what they committed to.
        assert_eq!(rows(&world, "event_payload").await, events as u64);
        let imports = Retention { imports: Some(30 * DAY), ..Retention::default() };
        upkeep::forget(&with(&world, imports)).await.unwrap();
        assert_eq!(rows(&world, "event_payload").await, events as u64 - 1, "only that of the import");
        world.import(r#"{"type":"account","email":"late@meridian.example","name":"Late"}"#).await.unwrap();
        let payloads = Retention { event_payloads: Some(30 * DAY), ..Retention::default() };
        upkeep::forget(&with(&world, payloads)).await.unwrap();
        let left = world.events().await;
        assert!(left.len() > events && left[..events].iter().all(|e| e.payload.is_none()) && left.last().unwrap().payload.is_some());
        let checks = orglink_app::doctor::examine(&world.app, true, true).await.unwrap();
        assert!(checks.iter().all(|c| c.health != orglink_app::doctor::Health::Fail), "{checks:?}");
        let token = world.token(ADA).await;
        let activity = world.api(&token, "GET", "/organizations/kept/events", None).await;
        assert!(activity.text.contains("erased"), "{}", activity.text);
        world.check_invariants().await;
    }
}
