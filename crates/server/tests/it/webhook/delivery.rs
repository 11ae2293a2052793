//! What arrives: signed, in order, tried again, given up or not.

use orglink_app::upkeep;
use orglink_testkit::both;
use serde_json::json;

use super::{ADA, DOCS, MERIDIAN, Received, Receiver, Reply, company, log, make, pass, rename, send, show};

pub const HOUR: i64 = 60 * 60;

/// Whether one of the signatures is what the library of the specification makes of it, whatever time it is.
pub fn is_signed(secret: &str, received: &Received) -> bool {
    let library = standardwebhooks::Webhook::new(secret).unwrap();
    let at = received.header("webhook-timestamp").parse().unwrap();
    let signature = library.sign(received.header("webhook-id"), at, &received.body).unwrap();
    received.header("webhook-signature").split(' ').any(|s| s == signature)
}

/// Whether that library takes it, as a receiver would ask it: also by the time of its clock.
fn is_verified(secret: &str, received: &Received) -> bool {
    let verifier = standardwebhooks::Webhook::new(secret).unwrap();
    let named = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: axum::http::HeaderMap = named
        .iter()
        .map(|name| (name.parse::<axum::http::HeaderName>().unwrap(), received.header(name).parse().unwrap()))
        .collect();
    // Nothing of it can be touched.
    let touched = [received.body.as_slice(), b" "].concat();
    assert!(verifier.verify(&touched, &headers).is_err());
    for name in named {
        let mut other = headers.clone();
        other.insert(name, if name == "webhook-timestamp" { "1" } else { "v1,another" }.parse().unwrap());
        assert!(verifier.verify(&received.body, &other).is_err(), "{name}");
    }
    verifier.verify(&received.body, &headers).is_ok()
}

pub fn positions(received: &[Received]) -> Vec<i64> {
    received.iter().map(Received::position).collect()
}

both! {
    async fn what_arrives_is_a_signed_cloud_event_that_says_what_the_log_says(world) {
        let world = company(world).await;
        // As late as it is, for a receiver with a clock.
        let now = orglink_domain::clock::Clock::now(&orglink_app::system::SystemClock);
        world.clock.advance(now.seconds_since(world.app.now()));
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, secret) = make(&world, &ada, MERIDIAN, &receiver.url("/hook?key=1"), &["workspace.linked"]).await;
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        // Of somebody else, and of a type that is not wanted.
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        rename(&world, &ada, "docs-site", "Docs").await;
        send(&world).await;
        let received = receiver.take();
        let [one] = received.as_slice() else { panic!("{received:?}") };
        assert_eq!(one.path, "/hook?key=1");
        assert_eq!(one.header("content-type"), "application/cloudevents+json; charset=utf-8");
        assert!(one.header("user-agent").starts_with("orglink/"));
        assert!(one.header("webhook-signature").starts_with("v1,") && secret.starts_with("whsec_"));
        assert!(is_signed(&secret, one) && is_verified(&secret, one));
        let body = one.json();
        let event = world.events().await.into_iter().find(|e| e.position == one.position()).unwrap();
        assert_eq!(one.header("webhook-id"), event.id.to_string());
        let listed = world.api(&ada, "GET", "/organizations/meridian/events?type=workspace.linked", None).await.json();
        assert_eq!(body["data"], listed["items"][0], "exactly what the log says");
        let workspace = event.workspace_id.unwrap();
        let envelope = json!({
            "specversion": "1.0", "id": event.id, "source": "http://orglink.test", "type": "workspace.linked", "time": event.at,
            "subject": format!("workspaces/{workspace}"), "datacontenttype": "application/json", "data": body["data"],
        });
        assert_eq!(body, envelope);
        // Its log says what was sent and what was answered.
        let one = format!("{MERIDIAN}/{id}/deliveries/{}", event.position);
        let shown = world.api(&ada, "GET", &one, None).await.json();
        assert_eq!(shown["body"], String::from_utf8(received[0].body.clone()).unwrap());
        assert_eq!((&shown["state"], &shown["id"]), (&json!("delivered"), &json!(event.id)));
        assert_eq!((&shown["answers"][0]["status"], &shown["answers"][0]["answer"]), (&json!(200), &json!("said 200")));
        assert_eq!(log(&world, &ada, MERIDIAN, &id).await, [(event.position, "delivered".to_owned(), 1)]);
        world.check_invariants().await;
    }

    async fn a_new_secret_signs_beside_the_old_one_for_a_while(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, old) = make(&world, &ada, DOCS, &receiver.url("/"), &["webhook."]).await;
        let one = format!("{DOCS}/{id}");
        let test = async || {
            assert_eq!(world.api(&ada, "POST", &format!("{one}/test"), None).await.status, 202);
            send(&world).await;
            let received = receiver.take();
            assert_eq!(received.len(), 1);
            received[0].clone()
        };
        let rotate = async |hours: i64| {
            let body = Some(json!({ "previous_hours": hours }));
            let answer = world.change(&ada, "POST", &format!("{one}/rotate"), body).await;
            answer.json()["secret"].as_str().unwrap().to_owned()
        };
        assert!(is_signed(&old, &test().await));
        let new = rotate(24).await;
        let both = test().await;
        assert!(new != old && is_signed(&old, &both) && is_signed(&new, &both));
        assert_eq!(both.header("webhook-signature").split(' ').count(), 2);
        assert!(show(&world, &ada, DOCS, &id).await["previous_secret_until"].is_string());
        world.clock.advance(24 * HOUR + 1);
        let later = test().await;
        assert!(!is_signed(&old, &later) && is_signed(&new, &later));
        assert!(show(&world, &ada, DOCS, &id).await["previous_secret_until"].is_null());
        let newest = rotate(0).await;
        let at_once = test().await;
        assert!(!is_signed(&new, &at_once) && is_signed(&newest, &at_once));
        // A test goes to this one only, whatever it is told of; another is told of nothing.
        let other = Receiver::start().await;
        let (other_id, _) = make(&world, &ada, DOCS, &other.url("/"), &["link."]).await;
        test().await;
        assert_eq!(other.kinds(), Vec::<String>::new());
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{other_id}/test"), None).await.status, 202);
        send(&world).await;
        assert_eq!((other.kinds(), receiver.kinds()), (vec!["webhook.tested".to_owned()], vec![]));
        world.check_invariants().await;
    }

    async fn of_one_workspace_the_later_waits_for_the_earlier_and_others_do_not(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, MERIDIAN, &receiver.url("/"), &["workspace.", "link."]).await;
        for workspace in ["docs-site", "atlas-platform", "atlas-mobile"] {
            world.link(ADA, workspace, "meridian").await.unwrap();
        }
        upkeep::check_access(&world.app).await.unwrap();
        // One event of one workspace is not taken.
        let events = world.events().await;
        let poison = events.iter().find(|e| e.kind.as_str() == "workspace.linked").unwrap().clone();
        let position = poison.position;
        receiver.always(move |r| (r.position() == position).then(|| Reply::status(500)));
        send(&world).await;
        pass(&world, 20, 1).await;
        let taken: Vec<i64> = positions(&receiver.take()).into_iter().filter(|p| *p != position).collect();
        let of = |p: &i64| events.iter().find(|e| e.position == *p).unwrap().workspace_id;
        assert_eq!(taken.len(), 4, "both events of the two other workspaces: {taken:?}");
        assert!(taken.iter().all(|p| of(p) != poison.workspace_id));
        for p in &taken {
            assert!(taken.iter().take_while(|q| *q != p).all(|q| of(q) != of(p) || q < p), "in order: {taken:?}");
        }
        // It is taken at last; then what waited for it comes.
        receiver.always(|_| None);
        pass(&world, 120, 10).await;
        let rest = receiver.take();
        assert_eq!(rest.len(), 2, "{rest:?}");
        assert_eq!(rest[0].position(), position);
        assert_eq!((of(&rest[1].position()), rest[1].kind().as_str()), (poison.workspace_id, "link.access_verified"));
        let log = log(&world, &ada, MERIDIAN, &id).await;
        assert!(log.iter().all(|(_, state, _)| state == "delivered"), "{log:?}");
        assert_eq!(show(&world, &ada, MERIDIAN, &id).await["failures"], 0);
        world.check_invariants().await;
    }

    async fn an_event_that_is_never_taken_is_given_up_when_others_are(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, MERIDIAN, &receiver.url("/"), &["workspace.linked", "organization.changed", "link."]).await;
        send(&world).await;
        receiver.take();
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        upkeep::check_access(&world.app).await.unwrap();
        receiver.always(|r| (r.kind() == "workspace.linked").then(|| Reply::status(500)));
        send(&world).await;
        // Every day, something else is taken.
        for day in 0..5 {
            let body = Some(json!({ "name": format!("Meridian {day}") }));
            assert_eq!(world.change(&ada, "PATCH", "/organizations/meridian", body).await.status, 200);
            pass(&world, 24 * HOUR, 1800).await;
        }
        let log = log(&world, &ada, MERIDIAN, &id).await;
        let linked = log.iter().find(|(_, state, _)| state == "given_up").expect("given up");
        assert_eq!(linked.2, 18, "tried as often as the ladder says");
        assert_eq!(log.iter().filter(|(_, state, _)| state == "waiting").count(), 0, "what waited for it was sent: {log:?}");
        assert_eq!(receiver.kinds().iter().filter(|k| *k == "link.access_verified").count(), 1);
        assert_eq!(show(&world, &ada, MERIDIAN, &id).await["state"], "active");
        // Sent again by an admin, it is taken; with the same id.
        let before: Vec<Received> = receiver.take();
        receiver.always(|_| None);
        let path = format!("{MERIDIAN}/{id}/deliveries/{}", linked.0);
        assert_eq!(world.api(&ada, "POST", &format!("{path}/resend"), None).await.status, 202);
        send(&world).await;
        let again: Vec<Received> = receiver.take().into_iter().filter(|r| r.kind() == "workspace.linked").collect();
        assert_eq!(again.len(), 1);
        let first = before.iter().find(|r| r.kind() == "workspace.linked").unwrap();
        assert_eq!(again[0].header("webhook-id"), first.header("webhook-id"));
        let shown = world.api(&ada, "GET", &path, None).await.json();
        assert_eq!((&shown["state"], &shown["attempts"]), (&json!("delivered"), &json!(19)));
        world.check_invariants().await;
    }

    async fn one_that_takes_nothing_for_days_is_paused_and_told_of_everything_when_it_is_resumed(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, DOCS, &receiver.url("/secret-path"), &["workspace.changed"]).await;
        send(&world).await;
        receiver.take();
        world.deliver().await;
        receiver.always(|_| Some(Reply::status(503)));
        for n in 0..5 {
            rename(&world, &ada, "docs-site", &format!("Docs {n}")).await;
        }
        send(&world).await;
        assert!(receiver.received().len() == 1, "while it fails, it is asked one thing at a time");
        let failing = show(&world, &ada, DOCS, &id).await;
        assert_eq!((&failing["state"], &failing["failures"]), (&json!("active"), &json!(1)));
        pass(&world, 71 * HOUR, 1800).await;
        assert_eq!(show(&world, &ada, DOCS, &id).await["state"], "active", "{:?}", log(&world, &ada, DOCS, &id).await);
        pass(&world, 14 * HOUR, 1800).await;
        assert_eq!(show(&world, &ada, DOCS, &id).await["state"], "failed");
        let tries = receiver.take().len();
        assert!((15..=20).contains(&tries), "{tries}");
        // Its admins are told, once; the mail says where, and not the whole URL.
        let mails = world.deliver().await;
        let told: Vec<&String> = mails.iter().filter(|m| m.contains("Subject: The webhook at")).collect();
        assert_eq!(told.len(), 2, "both admins of the workspace");
        assert!(told.iter().all(|m| m.contains("Docs") && m.contains(&id) && !m.contains("secret-path")), "{told:?}");
        let inbox = world.api(&ada, "GET", "/notifications", None).await;
        assert!(inbox.text.contains("is paused"), "{}", inbox.text);
        // Nothing is sent any more, and nothing is lost.
        rename(&world, &ada, "docs-site", "Docs 5").await;
        pass(&world, 24 * HOUR, HOUR).await;
        assert_eq!(receiver.take().len(), 0);
        receiver.always(|_| None);
        assert_eq!(world.change(&ada, "PATCH", &format!("{DOCS}/{id}"), Some(json!({ "paused": false }))).await.status, 200);
        send(&world).await;
        let names: Vec<String> = receiver.take().iter().map(|r| r.json()["data"]["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names.len(), 7, "{names:?}");
        for (n, text) in names.iter().take(6).enumerate() {
            assert!(text.ends_with(&format!("to Docs {n}")), "{names:?}");
        }
        world.check_invariants().await;
    }

    async fn one_that_says_it_is_gone_is_paused_at_once(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, MERIDIAN, &receiver.url("/"), &[]).await;
        receiver.next(Reply::status(410));
        send(&world).await;
        assert_eq!(show(&world, &ada, MERIDIAN, &id).await["state"], "gone");
        assert_eq!(receiver.take().len(), 1);
        let paused = world.events().await.into_iter().find(|e| e.kind.as_str() == "webhook.paused").unwrap();
        assert_eq!(paused.payload.unwrap()["state"], "gone");
        let mails = world.deliver().await;
        assert_eq!(mails.iter().filter(|m| m.contains("answered that it is gone")).count(), 4, "all admins of the organization");
        pass(&world, HOUR, 600).await;
        assert_eq!(receiver.take().len(), 0);
        world.check_invariants().await;
    }
}
