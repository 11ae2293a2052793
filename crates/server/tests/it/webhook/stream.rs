//! The stream for programs: what a log shows, as it happens, from where one was.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt as _;
use orglink_app::{feed, upkeep};
use orglink_testkit::{TestApp, both};
use serde_json::Value;
use tower::ServiceExt as _;

use super::{ADA, company, rename};

/// A program that listens.
pub struct Listener {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Listener {
    pub async fn open(world: &TestApp, token: &str, path: &str, last: Option<i64>) -> Self {
        let mut request = Request::builder().uri(format!("/api/v1{path}")).header("host", "orglink.test");
        request = request.header("authorization", format!("Bearer {token}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event: its id and what it says; nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<(i64, Value)> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
                let found = field("id:")
                    .zip(field("data:"))
                    .map(|(id, data)| (id.parse().unwrap(), serde_json::from_str(data).unwrap()));
                let rest = rest.to_owned();
                self.text = rest;
                match found {
                    Some(found) => return Some(found),
                    None => continue,
                }
            }
            let chunk =
                tokio::time::timeout(Duration::from_secs(20), self.body.next()).await.expect("something comes")?;
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    async fn some(&mut self, n: usize) -> Vec<(i64, Value)> {
        let mut found = Vec::new();
        while found.len() < n {
            found.push(self.next().await.expect("goes on"));
        }
        found
    }
}

/// Places what happened, and wakes whoever listens.
pub async fn place(world: &TestApp) {
    feed::poll(&world.app).await.unwrap();
    upkeep::sequence_all(&world.app).await.unwrap();
    feed::poll(&world.app).await.unwrap();
}

const DOCS: &str = "/workspaces/docs-site/events/stream";

both! {
    async fn it_goes_on_as_things_happen_and_from_where_one_was(world) {
        let world = company(world).await;
        place(&world).await;
        let ada = world.token(ADA).await;
        let mut listener = Listener::open(&world, &ada, DOCS, None).await;
        for n in 0..3 {
            rename(&world, &ada, "docs-site", &format!("Docs {n}")).await;
            rename(&world, &ada, "atlas-platform", &format!("Atlas {n}")).await;
            place(&world).await;
        }
        let heard = listener.some(3).await;
        for (n, (position, event)) in heard.iter().enumerate() {
            assert_eq!((event["type"].as_str(), event["specversion"].as_str()), (Some("workspace.changed"), Some("1.0")));
            assert_eq!(event["data"]["position"], *position);
            assert!(event["data"]["text"].as_str().unwrap().ends_with(&format!("to Docs {n}")), "{event}");
        }
        drop(listener);
        // What the list shows is what the stream said.
        let listed = world.api(&ada, "GET", "/workspaces/docs-site/events?limit=1", None).await.json();
        assert_eq!(listed["items"][0], heard[2].1["data"]);
        // It broke off after the first; what was missed comes first, then what happens.
        let mut again = Listener::open(&world, &ada, DOCS, Some(heard[0].0)).await;
        assert_eq!(again.some(2).await, heard[1..]);
        rename(&world, &ada, "docs-site", "Docs 3").await;
        place(&world).await;
        let (_, next) = again.next().await.unwrap();
        assert!(next["data"]["text"].as_str().unwrap().ends_with("to Docs 3"));
        // From the beginning, of one type.
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        place(&world).await;
        let path = format!("{DOCS}?after=0&type=workspace.linked");
        let (_, linked) = Listener::open(&world, &ada, &path, None).await.next().await.unwrap();
        assert_eq!(linked["type"], "workspace.linked");
        for (path, header, field) in [
            (format!("{DOCS}?after=-1"), None, "after"), (format!("{DOCS}?type=nothing"), None, "type"), (DOCS.to_owned(), Some("x"), "Last-Event-ID"),
        ] {
            let bearer = format!("Bearer {ada}");
            let mut headers = vec![("authorization", bearer.as_str())];
            headers.extend(header.map(|h| ("last-event-id", h)));
            let answer = world.send("GET", &format!("/api/v1{path}"), &headers, "").await;
            assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (400, Some(field)), "{path}: {}", answer.text);
        }
    }

    async fn nobody_hears_what_they_may_not_see_and_only_for_as_long_as_they_may(world) {
        let world = company(world).await;
        place(&world).await;
        let (ada, gus, pia) =
            (world.token(ADA).await, world.token("gus@solo.example").await, world.token("pia@meridian.example").await);
        for (who, path, status) in [
            (&gus, DOCS, 404), (&gus, "/organizations/meridian/events/stream", 404), (&ada, "/operator/events/stream", 403),
            (&ada, "/workspaces/night-shift/events/stream", 404),
        ] {
            assert_eq!(world.api(who, "GET", path, None).await.status, status, "{path}");
        }
        // An organization hears of its own log only: not what happens in a workspace that is linked to it.
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        rename(&world, &ada, "docs-site", "Docs").await;
        place(&world).await;
        let mut of_meridian = Listener::open(&world, &ada, "/organizations/meridian/events/stream?after=0", None).await;
        let heard = of_meridian.next().await.unwrap();
        assert_eq!(heard.1["type"], "organization.created");
        // One who was a member, and is not any more; one whose token was ended.
        let mut of_pia = Listener::open(&world, &pia, DOCS, None).await;
        let short = world.api(&ada, "POST", "/tokens", Some(serde_json::json!({ "name": "s", "scopes": ["read"] }))).await.json();
        let mut of_token = Listener::open(&world, short["token"]["secret"].as_str().unwrap(), DOCS, None).await;
        rename(&world, &ada, "docs-site", "Docs 1").await;
        place(&world).await;
        assert!(of_pia.next().await.is_some() && of_token.next().await.is_some());
        let id = short["token"]["id"].as_str().unwrap();
        assert_eq!(world.api(&ada, "DELETE", &format!("/tokens/{id}"), None).await.status, 204);
        let gone = world.change(&ada, "DELETE", "/workspaces/docs-site/members/pia@meridian.example", None).await;
        assert!([200, 204].contains(&gone.status), "{}", gone.text);
        rename(&world, &ada, "docs-site", "Docs 2").await;
        place(&world).await;
        assert_eq!(of_pia.next().await, None, "not of what happened after she left");
        assert_eq!(of_token.next().await, None);
        world.check_invariants().await;
    }
}
