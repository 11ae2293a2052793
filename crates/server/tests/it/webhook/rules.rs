//! Who may have webhooks, and what is said no to.

use orglink_testkit::both;
use serde_json::json;

use super::{ADA, DOCS, MERIDIAN, Receiver, company, log, make, send, show};

both! {
    async fn only_admins_of_the_owner_have_webhooks(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (of_docs, _) = make(&world, &ada, DOCS, &receiver.url("/"), &[]).await;
        let (of_meridian, _) = make(&world, &ada, MERIDIAN, &receiver.url("/"), &[]).await;
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        // A member; an admin of the organization that it is linked to; an auditor would see the log and no more; a stranger.
        let (cleo, ben, gus) =
            (world.token("cleo@meridian.example").await, world.token("ben@meridian.example").await, world.token("gus@solo.example").await);
        let body = json!({ "url": receiver.url("/x") });
        for (who, owner, id, status) in [
            (&ben, DOCS, &of_docs, 403),
            (&cleo, DOCS, &of_docs, 403),
            (&gus, DOCS, &of_docs, 404),
            (&cleo, MERIDIAN, &of_meridian, 403),
            (&gus, MERIDIAN, &of_meridian, 404),
        ] {
            assert_eq!(world.api(who, "GET", owner, None).await.status, status, "{owner}");
            assert_eq!(world.api(who, "POST", owner, Some(body.clone())).await.status, status, "{owner}");
            for (method, end, body) in [
                ("GET", "", None), ("PATCH", "", Some(json!({ "paused": true }))), ("DELETE", "", None), ("POST", "/rotate", Some(json!({}))),
                ("POST", "/test", None), ("POST", "/replay", Some(json!({ "after": 0 }))), ("GET", "/deliveries", None), ("GET", "/deliveries/1", None),
                ("POST", "/deliveries/1/resend", None),
            ] {
                let answer = world.change(who, method, &format!("{owner}/{id}{end}"), body).await;
                assert_eq!(answer.status, status, "{method} {owner}{end}: {}", answer.text);
            }
        }
        // One of another owner's is not there, also for whoever administers both.
        for (owner, id) in [(DOCS, &of_meridian), (MERIDIAN, &of_docs)] {
            assert_eq!(world.api(&ada, "GET", &format!("{owner}/{id}"), None).await.status, 404);
            assert_eq!(world.change(&ada, "DELETE", &format!("{owner}/{id}"), None).await.status, 404);
            assert_eq!(world.change(&ada, "POST", &format!("{owner}/{id}/test"), None).await.status, 404);
        }
        // The operator sees everything, and not this: a URL may hold a secret.
        let operator = orglink_app::Principal::local_operator();
        let of = orglink_app::webhook::WebhooksOf::Workspace("docs-site");
        assert!(orglink_app::webhook::view_webhook(&world.app, &operator, of, &of_docs).await.is_err());
        // What was refused changed nothing.
        assert_eq!(show(&world, &ada, DOCS, &of_docs).await["state"], "active");
        assert_eq!(world.api(&ada, "GET", DOCS, None).await.json()["items"].as_array().unwrap().len(), 1);
        world.check_invariants().await;
    }

    async fn what_cannot_be_is_said_with_its_field(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        world.nameserver.put_addresses("nowhere.example", &[&[]]);
        let ada = world.token(ADA).await;
        let long = format!("https://hooks.example/{}", "x".repeat(2000));
        for (url, says) in [
            ("", "no URL"), ("hooks.example", "no URL"), ("ftp://hooks.example/", "only https"), ("http://u:p@127.0.0.1:9/", "no user"),
            ("http://127.0.0.1:22/", "port 22"), ("http://10.0.0.1/", "not an address of the internet"), ("http://[::1]:8080/", "not an address"),
            ("https://nowhere.example/", "no address"), ("https://no-such-name.example/", "no address"), (long.as_str(), "at most"),
        ] {
            let answer = world.api(&ada, "POST", DOCS, Some(json!({ "url": url }))).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (400, Some("url")), "{url}: {}", answer.text);
            assert!(answer.text.contains(says), "{url}: {}", answer.text);
        }
        let url = receiver.url("/");
        for (body, field) in [
            (json!({ "url": url, "types": ["workspace.lnked"] }), "types"),
            (json!({ "url": url, "types": ["work"] }), "types"),
            (json!({ "url": url, "types": ["nothing."] }), "types"),
            (json!({ "url": url, "description": "x".repeat(201) }), "description"),
            (json!({ "url": url, "description": "a\nb" }), "description"),
            (json!({ "url": url, "colour": "red" }), "body"),
            (json!({}), "body"),
        ] {
            let answer = world.api(&ada, "POST", DOCS, Some(body.clone())).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (400, Some(field)), "{body}: {}", answer.text);
        }
        let (id, _) = make(&world, &ada, DOCS, &url, &["link.", "workspace.linked"]).await;
        let one = format!("{DOCS}/{id}");
        for (end, body, field) in [
            ("/rotate", json!({ "previous_hours": 169 }), "previous_hours"),
            ("/rotate", json!({ "previous_hours": -1 }), "previous_hours"),
            ("/replay", json!({}), "after"),
            ("/replay", json!({ "after": 1, "from": "2026-01-05T09:00:00Z" }), "after"),
            ("/replay", json!({ "after": -1 }), "after"),
            ("/replay", json!({ "from": "yesterday" }), "from"),
        ] {
            let answer = world.change(&ada, "POST", &format!("{one}{end}"), Some(body.clone())).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (400, Some(field)), "{body}: {}", answer.text);
        }
        // Versions.
        let seen = world.api(&ada, "GET", &one, None).await.etag;
        for (method, end) in [("PATCH", ""), ("DELETE", ""), ("POST", "/rotate")] {
            let without = world.change_if(&ada, method, &format!("{one}{end}"), Some(json!({})), "").await;
            assert_eq!(without.status, 428, "{method}{end}: {}", without.text);
        }
        assert_eq!(world.change_if(&ada, "PATCH", &one, Some(json!({ "paused": true })), &seen).await.status, 200);
        assert_eq!(world.change_if(&ada, "PATCH", &one, Some(json!({ "paused": false })), &seen).await.status, 412);
        assert_eq!(world.change_if(&ada, "DELETE", &one, None, &seen).await.status, 412);
        // To a paused one, no test; from the end on, nothing to tell again; what never was cannot be sent again.
        let code = |answer: orglink_testkit::Answer| (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned());
        assert_eq!(code(world.api(&ada, "POST", &format!("{one}/test"), None).await), (409, "webhook_paused".to_owned()));
        let far = Some(json!({ "after": 1_000_000 }));
        assert_eq!(code(world.api(&ada, "POST", &format!("{one}/replay"), far).await), (409, "nothing_to_replay".to_owned()));
        let never = Some(json!({ "from": "2030-01-01T00:00:00Z" }));
        assert_eq!(code(world.api(&ada, "POST", &format!("{one}/replay"), never).await), (409, "nothing_to_replay".to_owned()));
        for position in ["1", "0", "-1", "x", "9223372036854775808"] {
            assert_eq!(world.api(&ada, "POST", &format!("{one}/deliveries/{position}/resend"), None).await.status, 404);
        }
        // Twenty, and no more.
        for _ in 1..20 {
            make(&world, &ada, DOCS, &url, &[]).await;
        }
        assert_eq!(code(world.api(&ada, "POST", DOCS, Some(json!({ "url": url }))).await), (409, "webhook_limit".to_owned()));
        assert_eq!(receiver.connections(), 0, "a webhook that is made is not asked anything");
        world.check_invariants().await;
    }

    async fn changes_are_told_without_the_url_and_secrets_are_not_kept_as_they_are(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let (id, secret) = make(&world, &ada, DOCS, &receiver.url("/hidden-in-the-path"), &[]).await;
        let one = format!("{DOCS}/{id}");
        let change = json!({ "url": receiver.url("/hidden-too"), "types": ["link."], "description": "for the audit" });
        assert_eq!(world.change(&ada, "PATCH", &one, Some(change)).await.status, 200);
        assert_eq!(world.change(&ada, "PATCH", &one, Some(json!({ "paused": true }))).await.status, 200);
        assert_eq!(world.change(&ada, "PATCH", &one, Some(json!({ "paused": false }))).await.status, 200);
        let rotated = world.change(&ada, "POST", &format!("{one}/rotate"), None).await;
        assert_eq!(rotated.status, 200);
        assert_eq!(world.api(&ada, "POST", &format!("{one}/test"), None).await.status, 202);
        assert_eq!(world.api(&ada, "POST", &format!("{one}/replay"), Some(json!({ "after": 0 }))).await.status, 202);
        send(&world).await;
        let newest = log(&world, &ada, DOCS, &id).await[0].0;
        assert_eq!(world.api(&ada, "POST", &format!("{one}/deliveries/{newest}/resend"), None).await.status, 202);
        assert_eq!(world.change(&ada, "DELETE", &one, None).await.status, 204);
        world.events().await;
        let activity = world.api(&ada, "GET", "/workspaces/docs-site/events", None).await;
        let told: Vec<String> =
            activity.json()["items"].as_array().unwrap().iter().map(|e| e["text"].as_str().unwrap().to_owned()).collect();
        let host = receiver.address;
        for text in ["made a webhook at", "changed the webhook at", "paused the webhook at", "resumed the webhook at", "sent a test to the webhook at",
            "had the webhook at", "sent again to the webhook at", "deleted the webhook at"] {
            assert!(told.iter().any(|t| t.contains(text) && t.contains(&host.to_string())), "{text}: {told:?}");
        }
        assert!(told.iter().any(|t| t.ends_with("a new secret")), "{told:?}");
        assert!(!activity.text.contains("hidden"), "the path of a URL is not told");
        assert!(!activity.text.contains(&secret) && !activity.text.contains(rotated.json()["secret"].as_str().unwrap()));
        world.check_invariants().await;
    }

    async fn a_deleted_owner_takes_its_webhooks_with_it(world) {
        let world = company(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        make(&world, &ada, "/workspaces/hackdays/webhooks", &receiver.url("/"), &[]).await;
        send(&world).await;
        receiver.take();
        assert_eq!(world.change(&ada, "DELETE", "/workspaces/hackdays", None).await.status, 204);
        send(&world).await;
        assert_eq!(receiver.kinds(), Vec::<String>::new());
        let tables = orglink_store::copy::digest_database(&world.app.db).await.unwrap();
        for table in ["webhook", "webhook_delivery", "webhook_attempt"] {
            assert_eq!(tables.iter().find(|t| t.table == table).unwrap().rows, 0, "{table}");
        }
        world.check_invariants().await;
    }
}
