//! Where a webhook cannot lead: into this machine or its networks, whatever a name means when.

use orglink_app::webhook;
use orglink_testkit::{TestApp, both};
use serde_json::json;

use super::{ADA, DOCS, Receiver, company, log, make, send};

/// What the log says of the last delivery.
async fn problem(world: &TestApp, token: &str, id: &str) -> String {
    let position = log(world, token, DOCS, id).await[0].0;
    let shown = world.api(token, "GET", &format!("{DOCS}/{id}/deliveries/{position}"), None).await.json();
    assert_eq!(shown["answers"][0]["status"], json!(null), "{shown}");
    shown["answers"][0]["problem"].as_str().unwrap().to_owned()
}

/// A server that allows plain HTTP, for the receiver of a test, and no network but the internet.
async fn strict(world: TestApp) -> TestApp {
    company(world).await.with_settings(|settings| settings.webhooks.allow_private.clear()).await
}

both! {
    async fn a_name_that_means_another_machine_a_moment_later_does_not_reach_loopback(world) {
        let receiver = Receiver::start().await;
        // What is looked at when the webhook is made is of the internet; what is looked at when it is told is not.
        let url = format!("http://rebind.example:{}/", receiver.address.port());
        let world = strict(world).await;
        let ada = world.token(ADA).await;
        for (answers, reaches) in [
            (&[&["93.184.215.14"][..], &["127.0.0.1"]][..], "127.0.0.1"),
            (&[&["93.184.215.14"], &["93.184.215.14", "127.0.0.1"]], "127.0.0.1"),
            (&[&["93.184.215.14"], &["127.0.0.1", "93.184.215.14"]], "127.0.0.1"),
            (&[&["93.184.215.14"], &["10.0.0.7"]], "10.0.0.7"),
            (&[&["93.184.215.14"], &["169.254.169.254"]], "169.254.169.254"),
        ] {
            world.nameserver.put_addresses("rebind.example", answers);
            let made = world.api(&ada, "POST", DOCS, Some(json!({ "url": url, "types": ["webhook.tested"] }))).await;
            assert_eq!(made.status, 201, "{}", made.text);
            let id = made.json()["id"].as_str().unwrap().to_owned();
            assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
            send(&world).await;
            let problem = problem(&world, &ada, &id).await;
            assert!(problem.contains(reaches) && problem.contains("not an address of the internet"), "{problem}");
        }
        assert_eq!(receiver.connections(), 0);
        // The same name and the same receiver, where the operator allows that network: it was the guard that said no.
        let world = world.with_settings(|settings| settings.webhooks.allow_private = vec!["127.0.0.0/8".parse().unwrap()]).await;
        world.nameserver.put_addresses("rebind.example", &[&["127.0.0.1"]]);
        world.clock.advance(60);
        send(&world).await;
        assert!(receiver.connections() > 0 && receiver.kinds().contains(&"webhook.tested".to_owned()));
        assert!(receiver.received()[0].header("host").starts_with("rebind.example:"));
        world.check_invariants().await;
    }

    async fn a_private_address_is_refused_when_the_webhook_is_made(world) {
        let receiver = Receiver::start().await;
        let world = strict(world).await;
        let ada = world.token(ADA).await;
        world.nameserver.put_addresses("inside.example", &[&["10.1.2.3"]]);
        world.nameserver.put_addresses("mixed.example", &[&["93.184.215.14", "192.168.1.1"]]);
        world.nameserver.put_addresses("six.example", &[&["fd00::1"]]);
        let port = receiver.address.port();
        for url in [
            format!("http://127.0.0.1:{port}/"), format!("http://127.1:{port}/"), format!("http://0x7f000001:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"), format!("http://0.0.0.0:{port}/"), "https://inside.example/".to_owned(),
            "https://mixed.example/".to_owned(), "https://six.example/".to_owned(), format!("http://127.0.0.1.:{port}/"),
        ] {
            let answer = world.api(&ada, "POST", DOCS, Some(json!({ "url": url }))).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (400, Some("url")), "{url}: {}", answer.text);
        }
        assert_eq!(receiver.connections(), 0);
    }

    async fn what_is_no_longer_allowed_is_not_asked_any_more(world) {
        let receiver = Receiver::start().await;
        let world = company(world).await;
        let ada = world.token(ADA).await;
        let (id, _) = make(&world, &ada, DOCS, &receiver.url("/"), &["webhook.tested"]).await;
        let world = world.with_settings(|settings| settings.webhooks.allow_private.clear()).await;
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
        send(&world).await;
        assert!(problem(&world, &ada, &id).await.contains("not an address of the internet"));
        let world = world.with_settings(|settings| {
            settings.webhooks.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
            settings.webhooks.allow_http = false;
        }).await;
        world.clock.advance(60);
        send(&world).await;
        assert!(problem(&world, &ada, &id).await.contains("only https"));
        assert_eq!(receiver.connections(), 0);
        // An admin who may not have webhooks any more does not make us ask name servers either.
        let gus = world.person("gus@solo.example").await;
        let wanted = webhook::NewWebhook { url: "https://inside.example/".to_owned(), ..webhook::NewWebhook::default() };
        let of = webhook::WebhooksOf::Workspace("docs-site");
        assert!(matches!(webhook::create_webhook(&world.app, &gus, of, &wanted).await, Err(orglink_app::Error::NotFound { .. })));
    }

    async fn what_speaks_no_tls_is_not_taken_for_https(world) {
        let receiver = Receiver::start().await;
        let world = company(world).await;
        let ada = world.token(ADA).await;
        let url = receiver.url("/").replace("http://", "https://");
        let (id, _) = make(&world, &ada, DOCS, &url, &["webhook.tested"]).await;
        assert_eq!(world.api(&ada, "POST", &format!("{DOCS}/{id}/test"), None).await.status, 202);
        send(&world).await;
        let problem = problem(&world, &ada, &id).await;
        assert!(!problem.is_empty() && receiver.received().is_empty(), "{problem}");
    }
}
