//! Webhooks that an extension has by its own token: which they are, what they are told, and for how long.

use orglink_app::Expected;
use orglink_app::extension::{install_extension, uninstall_extension, update_extension};
use orglink_app::link::{UndoRequest, undo_link};
use orglink_domain::extension::ExtensionScope::{EventsRead, WorkspaceRead};
use orglink_testkit::{TestApp, both};
use serde_json::json;

use super::stream::{Listener, place};
use super::{ADA, MERIDIAN, Receiver, Reply, company, make, pass, rename, send, show};
use crate::cli::run;

const W: &str = "atlas-platform";
const HOOKS: &str = "/workspaces/atlas-platform/webhooks";
const FORWARDER: &str = "audit-forwarder";
const REPORT: &str = "repository-report";

async fn linked(world: TestApp) -> TestApp {
    let world = company(world.with_undo_window(30 * 24 * 3600).await).await;
    world.link(ADA, W, "meridian").await.unwrap();
    world
}

/// Installs an extension with everything that it asks for; its token.
async fn install(world: &TestApp, name: &str) -> String {
    let ada = world.person(ADA).await;
    let asks: Vec<_> = world.app.catalog.extensions[name].asks().iter().collect();
    let made = install_extension(&world.app, &ada, W, (name, &asks), Expected::Any).await.unwrap();
    made.secret.reveal().to_owned()
}

both! {
    async fn it_manages_its_own_and_sees_no_others(world) {
        let world = linked(world).await;
        let receiver = Receiver::start().await;
        let (ada, mia) = (world.token(ADA).await, world.token("mia@meridian.example").await);
        let (reads, other) = (install(&world, REPORT).await, install(&world, FORWARDER).await);
        let of_admins = make(&world, &ada, HOOKS, &receiver.url("/admins"), &[]).await.0;
        // Without consent to events there is nothing for it.
        let body = Some(json!({ "url": receiver.url("/hook") }));
        let refused = world.api(&reads, "POST", HOOKS, body.clone()).await;
        assert!(refused.status == 403 && refused.text.contains("events:read"), "{}", refused.text);
        assert_eq!(world.api(&reads, "GET", HOOKS, None).await.status, 403);
        // Nor is an organization's, or another workspace's, its affair.
        assert_eq!(world.api(&other, "POST", MERIDIAN, body.clone()).await.status, 403);
        assert_eq!(world.api(&other, "POST", "/workspaces/docs-site/webhooks", body.clone()).await.status, 404);
        let (id, _) = make(&world, &other, HOOKS, &receiver.url("/hook/secret-path"), &["workspace.", "webhook."]).await;
        let ids = async |token: &str, path: &str| {
            let found = world.api(token, "GET", path, None).await.json();
            found["items"].as_array().unwrap().iter().map(|w| w["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&other, HOOKS).await, std::slice::from_ref(&id));
        assert_eq!(ids(&ada, HOOKS).await, std::slice::from_ref(&of_admins), "the admins have theirs");
        for (token, of_others) in [(&other, &of_admins), (&ada, &id)] {
            let one = format!("{HOOKS}/{of_others}");
            assert_eq!(world.api(token, "GET", &one, None).await.status, 404);
            assert_eq!(world.api(token, "GET", &format!("{one}/deliveries"), None).await.status, 404);
            assert_eq!(world.api(token, "POST", &format!("{one}/test"), None).await.status, 404);
            assert_eq!(world.change(token, "PATCH", &one, Some(json!({ "paused": true }))).await.status, 404);
            assert_eq!(world.change(token, "DELETE", &one, None).await.status, 404);
        }
        // The admins see where it has itself told, and not the rest of the address; members do not.
        let at = format!("/workspaces/{W}/extensions/{FORWARDER}/webhooks");
        let seen = world.api(&ada, "GET", &at, None).await;
        assert_eq!((seen.status, ids(&ada, &at).await), (200, vec![id.clone()]), "{}", seen.text);
        assert!(seen.text.contains("127.0.0.1") && !seen.text.contains("secret-path"), "{}", seen.text);
        assert_eq!(world.api(&mia, "GET", &at, None).await.status, 403);
        assert_eq!(world.api(&other, "GET", &at, None).await.status, 403);
        let not_there = world.api(&ada, "GET", &format!("/workspaces/docs-site/extensions/{FORWARDER}/webhooks"), None).await;
        assert_eq!((not_there.status, not_there.json()["code"].as_str().unwrap()), (409, "not_installed"));
        let (code, list, said) = run(&world, &["extension", "webhooks", FORWARDER, "--workspace", W, "--as", ADA, "--json"]);
        assert_eq!((code, list["items"][0]["id"].as_str()), (0, Some(id.as_str())), "{said}");
        let (cookie, _) = world.session(ADA).await;
        let page = world.send("GET", &format!("/workspaces/{W}/extensions/{FORWARDER}"), &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("Where it has itself told") && !page.text.contains("secret-path"), "{}", page.text);
        // All of it by its token: test, rotate, pause, resume, look at what was sent, send again, delete.
        let one = format!("{HOOKS}/{id}");
        send(&world).await;
        assert_eq!(world.api(&other, "POST", &format!("{one}/test"), None).await.status, 202);
        assert_eq!(world.change(&other, "POST", &format!("{one}/rotate"), Some(json!({ "previous_hours": 0 }))).await.status, 200);
        send(&world).await;
        let took = receiver.take().into_iter().filter(|r| r.path.starts_with("/hook")).collect::<Vec<_>>();
        assert!(took.iter().any(|r| r.kind() == "webhook.tested"), "{took:?}");
        let told = took.last().unwrap().json();
        assert_eq!(told["data"]["actor_name"], "The extension Audit forwarder", "{told}");
        let deliveries = world.api(&other, "GET", &format!("{one}/deliveries"), None).await.json();
        let position = deliveries["items"][0]["position"].as_i64().unwrap();
        let delivery = format!("{one}/deliveries/{position}");
        assert_eq!(world.api(&other, "GET", &delivery, None).await.status, 200);
        assert_eq!(world.api(&other, "POST", &format!("{delivery}/resend"), None).await.status, 202);
        for paused in [true, false] {
            assert_eq!(world.change(&other, "PATCH", &one, Some(json!({ "paused": paused }))).await.status, 200);
        }
        assert_eq!(world.change_if(&other, "DELETE", &one, None, "").await.status, 428);
        assert_eq!(world.change(&other, "DELETE", &one, None).await.status, 204);
        assert_eq!(ids(&other, HOOKS).await, Vec::<String>::new());
        world.check_invariants().await;
    }

    async fn nothing_is_sent_while_it_is_suspended_and_all_of_it_afterwards(world) {
        let world = linked(world).await;
        let receiver = Receiver::start().await;
        let (ada, person) = (world.token(ADA).await, world.person(ADA).await);
        let token = install(&world, FORWARDER).await;
        let (id, _) = make(&world, &token, HOOKS, &receiver.url("/"), &["workspace."]).await;
        send(&world).await;
        receiver.take();
        rename(&world, &ada, W, "One").await;
        rename(&world, &ada, "docs-site", "Elsewhere").await;
        send(&world).await;
        let names = || receiver.take().iter().map(|r| r.json()["data"]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let told = names();
        assert!(told.len() == 1 && told[0].ends_with("to One"), "of its workspace only: {told:?}");
        // The link is taken back: nothing, however long.
        undo_link(&world.app, &person, W, &UndoRequest::default()).await.unwrap();
        rename(&world, &ada, W, "Two").await;
        pass(&world, 3600, 600).await;
        assert_eq!(names(), Vec::<String>::new());
        assert_eq!(world.api(&token, "GET", HOOKS, None).await.json()["code"], "extension_suspended");
        // Linked again, it is told of all of it, at once.
        world.link(ADA, W, "meridian").await.unwrap();
        send(&world).await;
        let told = names();
        assert_eq!(told.len(), 4, "linkable, undone, renamed, linked: {told:?}");
        assert!(told[2].ends_with("to Two"), "{told:?}");
        assert_eq!(show(&world, &token, HOOKS, &id).await["failures"], 0);
        // Consent to events that is over ends it as well; with another, it goes on.
        let fewer = orglink_server::config::DEFAULT_CATALOG.replace("\"events:read\" =", "\"workspace:read\" =");
        let fewer = world.replica_with_catalog(&fewer).await;
        update_extension(&fewer, &person, W, (FORWARDER, &[WorkspaceRead]), Expected::Any).await.unwrap();
        rename(&world, &ada, W, "Three").await;
        pass(&world, 1800, 600).await;
        assert_eq!(names(), Vec::<String>::new());
        update_extension(&world.app, &person, W, (FORWARDER, &[EventsRead]), Expected::Any).await.unwrap();
        send(&world).await;
        assert!(names().iter().any(|text| text.ends_with("to Three")));
        // Uninstalled, its webhooks are gone.
        uninstall_extension(&world.app, &person, W, FORWARDER, Expected::Any).await.unwrap();
        rename(&world, &ada, W, "Four").await;
        pass(&world, 1800, 600).await;
        assert_eq!(names(), Vec::<String>::new());
        let again = install(&world, FORWARDER).await;
        assert_eq!(world.api(&again, "GET", HOOKS, None).await.json()["items"], json!([]));
        world.check_invariants().await;
    }

    async fn one_that_fails_is_paused_and_nobody_is_mailed(world) {
        let world = linked(world).await;
        let receiver = Receiver::start().await;
        let ada = world.token(ADA).await;
        let token = install(&world, FORWARDER).await;
        world.deliver().await;
        receiver.always(|_| Some(Reply::status(410)));
        let (id, _) = make(&world, &token, HOOKS, &receiver.url("/"), &["workspace."]).await;
        rename(&world, &ada, W, "One").await;
        send(&world).await;
        assert_eq!(show(&world, &token, HOOKS, &id).await["state"], "gone");
        let mails = world.deliver().await;
        assert!(!mails.iter().any(|m| m.contains("Subject: The webhook at")), "whoever runs it sees to it");
        world.check_invariants().await;
    }

    async fn it_follows_the_stream_of_its_workspace(world) {
        let world = linked(world).await;
        let ada = world.token(ADA).await;
        let (reads, token) = (install(&world, REPORT).await, install(&world, FORWARDER).await);
        let path = format!("/workspaces/{W}/events/stream");
        assert_eq!(world.api(&reads, "GET", &path, None).await.status, 403);
        assert_eq!(world.api(&token, "GET", "/workspaces/docs-site/events/stream", None).await.status, 404);
        assert_eq!(world.api(&token, "GET", "/organizations/meridian/events/stream", None).await.status, 403);
        place(&world).await;
        let mut stream = Listener::open(&world, &token, &format!("{path}?type=workspace."), None).await;
        rename(&world, &ada, W, "One").await;
        place(&world).await;
        let told = stream.next().await.expect("an event").1;
        assert!(told["data"]["text"].as_str().unwrap().ends_with("to One"), "{told}");
        // Uninstalled, it ends before the next.
        uninstall_extension(&world.app, &world.person(ADA).await, W, FORWARDER, Expected::Any).await.unwrap();
        rename(&world, &ada, W, "Two").await;
        place(&world).await;
        assert!(stream.next().await.is_none());
    }
}
