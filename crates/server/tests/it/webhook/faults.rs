//! Killed anywhere, by chance and at every named place: what was not noted is sent again, with the same id, and nothing is left out.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use orglink_app::{upkeep, webhook};
use orglink_store::fault::{POINTS, wait_until_idle};
use orglink_testkit::{TestApp, address_text, both, crash_after};

use super::{ADA, DOCS, Received, Receiver, Reply, company, log, make, pass, rename, send};
use crate::cli::PROGRAM;

/// Every event arrived, with one id each, first arrivals in order.
fn check(received: &[Received], expected: usize) {
    let mut first: Vec<(i64, String)> = Vec::new();
    for r in received {
        let (position, id) = (r.position(), r.header("webhook-id").to_owned());
        match first.iter().find(|(p, _)| *p == position) {
            Some((_, earlier)) => assert_eq!(*earlier, id, "sent again with the same id"),
            None => first.push((position, id)),
        }
    }
    assert!(first.is_sorted_by_key(|(position, _)| *position), "{first:?}");
    assert_eq!(first.len(), expected, "{first:?}");
}

async fn made(world: &TestApp, receiver: &Receiver, names: usize) -> String {
    let ada = world.token(ADA).await;
    let (id, _) = make(world, &ada, DOCS, &receiver.url("/"), &["workspace.changed"]).await;
    for n in 0..names {
        rename(world, &ada, "docs-site", &format!("Docs {n}")).await;
    }
    id
}

both! {
    async fn killed_at_any_moment_it_goes_on_where_it_was(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let id = made(&world, &receiver, 12).await;
        upkeep::sequence_all(&world.app).await.unwrap();
        // Waking, filling, sending and noting, each a little further than the time before.
        for polls in 1..60 {
            let work = async {
                webhook::wake(&world.app).await.unwrap();
                webhook::serve(&world.app).await.unwrap();
            };
            if crash_after(polls, work).await.is_some() && polls > 40 {
                break;
            }
            wait_until_idle(&world.app.db).await;
            // Whoever had it is dead.
            world.clock.advance(61);
        }
        pass(&world, 180, 61).await;
        check(&receiver.take(), 13);
        let ada = world.token(ADA).await;
        assert!(log(&world, &ada, DOCS, &id).await.iter().all(|(_, state, _)| state == "delivered"));
        world.check_invariants().await;
    }

    async fn killed_while_it_fails_too(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        made(&world, &receiver, 6).await;
        let asked = std::sync::atomic::AtomicUsize::new(0);
        receiver.always(move |_| {
            let n = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            n.is_multiple_of(3).then(|| Reply::status(500))
        });
        upkeep::sequence_all(&world.app).await.unwrap();
        for polls in 1..60 {
            let work = async {
                webhook::wake(&world.app).await.unwrap();
                webhook::serve(&world.app).await.unwrap();
            };
            let _ = crash_after(polls, work).await;
            wait_until_idle(&world.app.db).await;
            world.clock.advance(700);
        }
        pass(&world, 24 * 3600, 1800).await;
        // What failed came again, before what came after it.
        let received = receiver.take();
        check(&received, 7);
        world.check_invariants().await;
    }

    async fn killed_at_every_named_place_the_next_server_goes_on(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let id = made(&world, &receiver, 3).await;
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("orglink.toml");
        let key = folder.path().join("key");
        std::fs::write(&key, format!("{}\n", "07".repeat(32))).unwrap();
        let text = format!(
            "public_url = \"http://localhost:1\"\nlisten = \"127.0.0.1:0\"\n[secrets]\nkey_file = \"{}\"\n\
             [webhooks]\nallow_http = true\nallow_private = [\"127.0.0.0/8\"]\n",
            key.display()
        );
        std::fs::write(&config, text).unwrap();
        // A proxy that the environment names is not asked.
        let proxy = Receiver::start().await;
        let serve = |fault: Option<&str>| {
            let mut command = Command::new(PROGRAM);
            command.args(["serve", "--config"]).arg(&config).args(["--database", &address_text(&world.database.address())]);
            command.env("HTTP_PROXY", proxy.url("/")).env("http_proxy", proxy.url("/")).env("ALL_PROXY", proxy.url("/"));
            if let Some(fault) = fault {
                command.env("ORGLINK_FAULT", fault);
            }
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        let mut named = 4;
        for point in POINTS.iter().filter(|p| p.starts_with("webhook.")) {
            // Something happens each time, so that each place is passed. By the server's clock, the token before has long expired.
            let ada = world.token(ADA).await;
            rename(&world, &ada, "docs-site", &format!("Docs at {point}")).await;
            named += 1;
            upkeep::sequence_all(&world.app).await.unwrap();
            free(&world, &id).await;
            let mut server = serve(Some(point));
            let status = wait(&mut server, Duration::from_mins(1));
            assert!(status.is_some_and(|s| !s.success()), "{point} was not passed");
        }
        free(&world, &id).await;
        let mut server = serve(None);
        let began = Instant::now();
        let arrived = |receiver: &Receiver| {
            let mut positions: Vec<i64> = receiver.received().iter().map(Received::position).collect();
            positions.sort_unstable();
            positions.dedup();
            positions.len()
        };
        while arrived(&receiver) < named && began.elapsed() < Duration::from_mins(1) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server.kill().unwrap();
        server.wait().unwrap();
        check(&receiver.take(), named);
        assert_eq!(proxy.connections(), 0);
        send(&world).await;
        world.check_invariants().await;
    }
}

/// As if the minute of whoever was killed were over.
async fn free(world: &TestApp, id: &str) {
    let mut tx = world.app.db.begin_write().await.unwrap();
    orglink_store::fault::end_webhook_lease(&mut tx, id.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}

fn wait(server: &mut std::process::Child, most: Duration) -> Option<std::process::ExitStatus> {
    let began = Instant::now();
    while began.elapsed() < most {
        if let Some(status) = server.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    server.kill().unwrap();
    server.wait().unwrap();
    None
}
