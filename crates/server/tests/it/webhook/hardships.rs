//! Receivers that behave badly, several replicas, what is told again, kept and forgotten.

use orglink_app::{App, Key, upkeep, webhook};
use orglink_store::fault::wait_until_idle;
use orglink_testkit::{TestApp, both};
use serde_json::json;

use super::delivery::{HOUR, is_signed, positions};
use super::{ADA, DOCS, Received, Receiver, Reply, company, log, make, pass, rename, send, wake};

both! {
    async fn receivers_that_hang_drip_flood_break_off_or_redirect_fail_within_their_time(world) {
        let world = company(world).await.with_settings(|settings| settings.webhooks.timeout_seconds = 1).await;
        let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, DOCS, &receiver.url("/"), &["webhook.tested"]).await;
        let location = format!("location: {}\r\n", elsewhere.url("/stolen")).leak();
        let test = async |reply: Reply| {
            // What failed before is out of the way.
            assert_eq!(world.change(&ada, "PATCH", &format!("{DOCS}/{id}"), Some(json!({ "paused": true }))).await.status, 200);
            assert_eq!(world.change(&ada, "PATCH", &format!("{DOCS}/{id}"), Some(json!({ "paused": false }))).await.status, 200);
            receiver.next(reply);
            assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
            let began = std::time::Instant::now();
            send(&world).await;
            assert!(began.elapsed().as_secs() < 20, "bounded");
            let position = log(&world, &ada, DOCS, &id).await[0].0;
            let shown = world.api(&ada, "GET", &format!("{DOCS}/{id}/deliveries/{position}"), None).await.json();
            // The others of this workspace do not wait for it.
            pass(&world, 60, 10).await;
            shown["answers"][0].clone()
        };
        for (reply, status, says) in [
            (Reply::Hang, json!(null), "no whole answer"),
            (Reply::Drip, json!(null), "no whole answer"),
            (Reply::BreakOff, json!(200), "broke off"),
            (Reply::Answer(307, location, String::new()), json!(307), "redirects are not followed"),
            (Reply::Answer(301, location, String::new()), json!(301), "redirects are not followed"),
            (Reply::status(404), json!(404), "answered 404"),
        ] {
            let said = format!("{reply:?}");
            let answer = test(reply).await;
            assert_eq!(answer["status"], status, "{said}: {answer}");
            assert!(answer["problem"].as_str().is_some_and(|p| p.contains(says)), "{said}: {answer}");
        }
        assert_eq!(elsewhere.connections(), 0);
        // Of an answer without end, the beginning is read, and it counts.
        let answer = test(Reply::Flood).await;
        assert_eq!((answer["status"].as_i64(), answer["answer"].as_str().unwrap().len()), (Some(200), 8192));
        let answer = test(Reply::Answer(200, "", "with \0 in it \u{1F600}".to_owned())).await;
        assert_eq!(answer["answer"], "with \u{fffd} in it \u{1F600}");
        world.check_invariants().await;
    }

    async fn retry_after_is_obeyed(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, DOCS, &receiver.url("/"), &["webhook.tested"]).await;
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
        receiver.next(Reply::Answer(429, "retry-after: 300\r\n", String::new()));
        send(&world).await;
        pass(&world, 290, 10).await;
        assert_eq!(receiver.received().len(), 1);
        pass(&world, 20, 10).await;
        assert_eq!(receiver.received().len(), 2);
    }

    async fn it_is_told_again_from_any_position_or_time(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        // From before it was made, too.
        rename(&world, &ada, "docs-site", "Docs 0").await;
        wake(&world).await;
        let (id, _) = make(&world, &ada, DOCS, &receiver.url("/"), &["workspace.changed"]).await;
        for n in 1..4 {
            world.clock.advance(HOUR);
            rename(&world, &ada, "docs-site", &format!("Docs {n}")).await;
        }
        send(&world).await;
        let told = receiver.take();
        assert_eq!(told.len(), 4, "its making, and three names");
        let replay = async |body| {
            let answer = world.api(&ada, "POST", &format!("{DOCS}/{id}/replay"), Some(body)).await;
            assert_eq!(answer.status, 202, "{}", answer.text);
            send(&world).await;
            receiver.take()
        };
        let names = |received: &[Received]| -> Vec<String> {
            let texts = received.iter().map(|r| r.json()["data"]["text"].as_str().unwrap().to_owned());
            texts.filter_map(|t| t.rsplit_once(" to Docs ").map(|(_, n)| n.to_owned())).collect()
        };
        let all = replay(json!({ "after": 0 })).await;
        assert_eq!(names(&all), ["0", "1", "2", "3"]);
        assert!(positions(&all).is_sorted());
        for one in &told {
            let again = all.iter().find(|r| r.position() == one.position()).unwrap();
            assert_eq!((again.header("webhook-id"), &again.body), (one.header("webhook-id"), &one.body), "the same, byte for byte");
        }
        let at = told[2].json()["time"].clone();
        assert_eq!(names(&replay(json!({ "from": at })).await), ["2", "3"]);
        assert_eq!(names(&replay(json!({ "after": told[2].position() })).await), ["3"]);
        // While it is told again, what happens comes after that.
        receiver.always(|r| (r.position() == 0).then(|| Reply::status(500)));
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/replay"), Some(json!({ "after": 0 }))).await.status, 202);
        rename(&world, &ada, "docs-site", "Docs 4").await;
        send(&world).await;
        let received = receiver.take();
        assert_eq!(names(&received), ["0", "1", "2", "3", "4"]);
        assert!(positions(&received).is_sorted());
        world.check_invariants().await;
    }

    async fn two_replicas_send_everything_once_and_in_order(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(make(&world, &ada, DOCS, &receiver.url(&format!("/{n}")), &["workspace.changed"]).await.0);
            upkeep::sequence_all(&world.app).await.unwrap();
        }
        for n in 0..10 {
            rename(&world, &ada, "docs-site", &format!("Docs {n}")).await;
        }
        let other = second(&world).await;
        upkeep::sequence_all(&world.app).await.unwrap();
        let work = |app: std::sync::Arc<App>| async move {
            for _ in 0..200 {
                webhook::wake(&app).await.unwrap();
                webhook::serve(&app).await.unwrap();
            }
        };
        let (a, b, c, d) = (work(world.app.clone()), work(other.clone()), work(world.app.clone()), work(other.clone()));
        let ((), (), (), ()) = tokio::join!(a, b, c, d);
        let received = receiver.take();
        for (n, id) in ids.iter().enumerate() {
            let of: Vec<Received> = received.iter().filter(|r| r.path == format!("/{n}")).cloned().collect();
            let positions = positions(&of);
            assert!(positions.is_sorted(), "{positions:?}");
            let mut once = positions.clone();
            once.dedup();
            assert_eq!(once.len(), positions.len(), "each once");
            assert_eq!(positions.len(), 10 + ids.len() - n, "the names, and the webhooks that were made since {id}");
        }
        world.check_invariants().await;
    }

    async fn one_that_hangs_holds_up_nobody_else(world) {
        let world = company(world).await.with_settings(|settings| settings.webhooks.timeout_seconds = 60).await;
        let (dead, alive) = (Receiver::start().await, Receiver::start().await);
        let ada = world.token(ADA).await;
        let (hanging, _) = make(&world, &ada, DOCS, &dead.url("/"), &["workspace.changed"]).await;
        make(&world, &ada, DOCS, &alive.url("/"), &["workspace.changed"]).await;
        dead.always(|_| Some(Reply::Hang));
        let (_stop, stopped) = tokio::sync::watch::channel(false);
        let loops = orglink_jobs::start(&world.app, &stopped);
        let began = std::time::Instant::now();
        while (dead.received().is_empty() || alive.received().is_empty()) && began.elapsed().as_secs() < 50 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let log = log(&world, &ada, DOCS, &hanging).await;
        assert!(!dead.received().is_empty() && log.iter().all(|(_, state, attempts)| state == "waiting" && *attempts == 0), "{log:?}");
        assert!(!alive.received().is_empty(), "told while the other one hangs");
        drop(loops);
        wait_until_idle(&world.app.db).await;
        world.check_invariants().await;
    }

    async fn what_was_sent_is_forgotten_when_the_operator_says(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, DOCS, &receiver.url("/"), &["workspace.changed"]).await;
        send(&world).await;
        upkeep::forget(&world.app).await.unwrap();
        assert_eq!(log(&world, &ada, DOCS, &id).await.len(), 1);
        world.clock.advance(31 * 24 * HOUR);
        let ada = world.token(ADA).await;
        rename(&world, &ada, "docs-site", "Docs").await;
        receiver.always(|_| Some(Reply::status(500)));
        send(&world).await;
        upkeep::forget(&world.app).await.unwrap();
        let left = log(&world, &ada, DOCS, &id).await;
        assert!(left.len() == 1 && left[0].1 == "waiting", "what waits stays: {left:?}");
    }

    async fn secrets_outlive_the_keys_that_they_were_kept_under(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, secret) = make(&world, &ada, DOCS, &receiver.url("/"), &["webhook.tested"]).await;
        world.app.key.replace(&Key::with_older([9; 32], [[7; 32]]));
        webhook::reseal_secrets(&world.app).await.unwrap();
        world.app.key.replace(&Key::new([9; 32]));
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
        send(&world).await;
        assert!(is_signed(&secret, &receiver.take()[0]));
        // Without any key that opens it, it says so instead of sending what nobody could check.
        world.app.key.replace(&Key::new([8; 32]));
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
        send(&world).await;
        assert_eq!(receiver.take().len(), 0);
        let found = world.api(&ada, "GET", &format!("{DOCS}/{id}/deliveries"), None).await;
        assert!(found.text.contains("another key file"), "{}", found.text);
    }
}

/// Another server on the same database.
pub async fn second(world: &TestApp) -> std::sync::Arc<App> {
    let db = orglink_store::Db::open(&world.database.address()).await.unwrap();
    let catalog = orglink_app::catalog::read(orglink_server::config::DEFAULT_CATALOG).unwrap();
    let (settings, key, ids) =
        (world.app.settings.clone(), Key::new([7; 32]), std::sync::Arc::new(orglink_app::system::SystemIds::default()));
    let app = App::new(db, catalog, settings, key, world.clock.clone(), ids).unwrap();
    std::sync::Arc::new(app)
}
