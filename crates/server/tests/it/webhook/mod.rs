//! Webhooks: who may have them, what is sent where, and that it arrives, in order, whatever happens.

mod delivery;
mod extension;
mod faults;
mod guard;
mod hardships;
mod receiver;
mod rules;
mod stream;

use orglink_app::{upkeep, webhook};
use orglink_testkit::TestApp;
use serde_json::{Value, json};

pub use receiver::{Received, Receiver, Reply};

pub const ADA: &str = "ada@meridian.example";
pub const MERIDIAN: &str = "/organizations/meridian/webhooks";
pub const DOCS: &str = "/workspaces/docs-site/webhooks";

/// The company, on a server whose operator allows receivers on this machine, by plain HTTP.
pub async fn company(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    upkeep::sequence_all(&world.app).await.unwrap();
    world
        .with_settings(|settings| {
            settings.webhooks.timeout_seconds = 5;
            settings.webhooks.allow_http = true;
            settings.webhooks.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
        })
        .await
}

/// A webhook that was made: its id and its secret. What its making says is sent first of all.
pub async fn make(world: &TestApp, token: &str, path: &str, url: &str, types: &[&str]) -> (String, String) {
    let made = world.api(token, "POST", path, Some(json!({ "url": url, "types": types }))).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

/// Notes which webhooks have something to do.
pub async fn wake(world: &TestApp) {
    upkeep::sequence_all(&world.app).await.unwrap();
    while webhook::wake(&world.app).await.unwrap() {}
}

/// Sends everything that is due.
pub async fn send(world: &TestApp) {
    wake(world).await;
    while webhook::serve(&world.app).await.unwrap() {}
    // Paused ones are told of.
    wake(world).await;
}

/// Lets as much time pass, a bit at a time, sending whatever is due meanwhile.
pub async fn pass(world: &TestApp, seconds: i64, step: i64) {
    for _ in 0..seconds / step {
        world.clock.advance(step);
        send(world).await;
    }
}

pub async fn rename(world: &TestApp, token: &str, workspace: &str, name: &str) {
    let path = format!("/workspaces/{workspace}");
    assert_eq!(world.change(token, "PATCH", &path, Some(json!({ "name": name }))).await.status, 200);
}

/// What a webhook is now.
pub async fn show(world: &TestApp, token: &str, path: &str, id: &str) -> Value {
    world.api(token, "GET", &format!("{path}/{id}"), None).await.json()
}

/// A delivery log: `(position, state, attempts)`, the newest event first.
pub async fn log(world: &TestApp, token: &str, path: &str, id: &str) -> Vec<(i64, String, i64)> {
    let found = world.api(token, "GET", &format!("{path}/{id}/deliveries?limit=500"), None).await.json();
    let items = found["items"].as_array().unwrap().iter();
    items
        .map(|d| {
            let state = d["state"].as_str().unwrap().to_owned();
            (d["position"].as_i64().unwrap(), state, d["attempts"].as_i64().unwrap())
        })
        .collect()
}
