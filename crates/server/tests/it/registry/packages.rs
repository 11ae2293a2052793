//! What the registry tells of is kept once, shown to members, and gone when it is deleted.

use orglink_app::registry::notification_secret;
use orglink_domain::token::Scope;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use super::{ADA, MIA, W, access, ask, secret};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn digest(of: u8) -> String {
    format!("sha256:{}", format!("{of:02x}").repeat(32))
}

/// A push as Docker's registry 2.8 tells of it.
fn push(id: &str, image: &str, of: u8, tag: Option<&str>, by: &str) -> Value {
    let mut event = json!({
        "id": id, "timestamp": "2026-01-05T08:59:00.123456789Z", "action": "push",
        "target": {
            "mediaType": MANIFEST, "size": 500, "digest": digest(of), "length": 500, "repository": image,
            "url": "http://registry.test:5000/v2/x/manifests/y",
            "references": [{ "mediaType": "application/vnd.oci.image.config.v1+json", "size": 100, "digest": digest(1) }, { "size": 1400, "digest": digest(2) }],
        },
        "request": { "id": "r", "addr": "10.0.0.1:1", "host": "registry.test:5000", "method": "PUT", "useragent": "test" },
        "actor": { "name": by }, "source": { "addr": "registry:5000", "instanceID": "i" },
    });
    if let Some(tag) = tag {
        event["target"]["tag"] = json!(tag);
    }
    event
}

async fn tell(world: &TestApp, events: &[Value]) -> u16 {
    let bearer = format!("Bearer {}", notification_secret(&world.app));
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/vnd.docker.distribution.events.v1+json")];
    world.send("POST", "/registry/notifications", &headers, &json!({ "events": events }).to_string()).await.status
}

async fn list(world: &TestApp, query: &str) -> Value {
    let answer = world.api(&world.token(MIA).await, "GET", &format!("/workspaces/{W}/packages{query}"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn tags(list: &Value) -> Vec<(String, Vec<String>)> {
    let words = |v: &Value| v.as_array().unwrap().iter().map(|t| t.as_str().unwrap().to_owned()).collect();
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|p| {
            (format!("{}@{}", p["image"].as_str().unwrap(), &p["digest"].as_str().unwrap()[7..9]), words(&p["tags"]))
        })
        .collect()
}

/// Linked, and Mia has been given a token to push; her account's id.
async fn pushing(world: TestApp) -> (TestApp, String) {
    let world = world.with_company().await;
    world.link(ADA, W, "meridian").await.unwrap();
    let token = secret(&world, MIA, &[Scope::Read, Scope::Write]).await;
    access(&ask(&world, Some((MIA, &token)), &["repository:atlas-platform/tools:pull,push"]).await);
    let id = world.person(MIA).await.account().unwrap().id.to_string();
    (world, id)
}

both! {
    async fn only_the_registry_tells(world) {
        let (world, mia) = pushing(world).await;
        let body = json!({ "events": [push("1", "atlas-platform/tools", 10, None, &mia)] }).to_string();
        let token = world.token(MIA).await;
        for header in [String::new(), "Bearer".to_owned(), "Bearer wrong".to_owned(), format!("Bearer {token}"), format!("Basic {}", notification_secret(&world.app))] {
            let answer = world.send("POST", "/registry/notifications", &[("authorization", &header)], &body).await;
            assert_eq!(answer.status, 401, "{header}");
        }
        let bearer = format!("Bearer {}", notification_secret(&world.app));
        for bad in ["", "{}", "[]", "{\"events\":1}", "\u{0}"] {
            assert_eq!(world.send("POST", "/registry/notifications", &[("authorization", &bearer)], bad).await.status, 400, "{bad}");
        }
        let many = vec![push("1", "atlas-platform/tools", 10, None, &mia); 501];
        assert_eq!(tell(&world, &many).await, 400);
        let long = format!("{{\"events\":[\"{}\"]}}", "x".repeat(3 << 20));
        assert_eq!(world.send("POST", "/registry/notifications", &[("authorization", &bearer)], &long).await.status, 413);
        assert_eq!(list(&world, "").await["items"], json!([]));
    }

    async fn what_was_pushed_is_kept_once_and_deleted_with_its_manifest(world) {
        let (world, mia) = pushing(world).await;
        let tools = "atlas-platform/tools";
        let first = push("1", tools, 10, Some("1.0"), &mia);
        assert_eq!(tell(&world, std::slice::from_ref(&first)).await, 200);
        let found = list(&world, "").await;
        assert_eq!(found["items"][0], json!({
            "image": "tools", "tags": ["1.0"], "digest": digest(10), "media_type": MANIFEST, "size": 2000,
            "pushed_at": "2026-01-05T08:59:00.123456Z",
            "pushed_by": { "id": mia, "email": MIA, "name": "Mia Rossi" },
        }));
        // Told again, and told again with something else in it.
        let mut again = push("1", tools, 11, Some("2.0"), &mia);
        assert_eq!(tell(&world, &[first.clone(), again.clone()]).await, 200);
        assert_eq!(tags(&list(&world, "").await), [("tools@0a".to_owned(), vec!["1.0".to_owned()])]);
        // The tag moves; what is told late does not bring it back.
        again["id"] = json!("2");
        again["target"]["tag"] = json!("1.0");
        let mut late = push("3", tools, 10, Some("1.0"), "nobody");
        late["timestamp"] = json!("2026-01-05T08:58:00Z");
        let mut small = push("4", "atlas-platform/tools/deep", 12, Some("latest"), "00000000-0000-0000-0000-000000000001");
        small["target"].as_object_mut().unwrap().remove("references");
        small["timestamp"] = json!("2999-01-01T00:00:00Z");
        assert_eq!(tell(&world, &[again, late, small]).await, 200);
        let found = list(&world, "").await;
        let one = |name: &str, tags: &[&str]| (name.to_owned(), tags.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        let mut sorted = tags(&found);
        sorted.sort();
        assert_eq!(sorted, [one("tools/deep@0c", &["latest"]), one("tools@0a", &[]), one("tools@0b", &["1.0"])]);
        let deep = found["items"].as_array().unwrap().iter().find(|p| p["image"] == "tools/deep").unwrap();
        assert_eq!((&deep["size"], &deep["pushed_by"]), (&Value::Null, &Value::Null));
        assert!(deep["pushed_at"].as_str().unwrap().starts_with("2026-"), "nothing was pushed in the future");
        // Parts, other actions, names of nobody, rubbish: passed over, and answered.
        let mut blob = push("5", tools, 13, None, &mia);
        blob["target"]["mediaType"] = json!("application/octet-stream");
        let mut pull = push("6", tools, 14, None, &mia);
        pull["action"] = json!("pull");
        let mut huge = push("9", "atlas-platform/huge", 15, None, &mia);
        huge["target"]["references"] = json!([{ "size": i64::MAX }, { "size": i64::MAX }]);
        let odd = [blob, pull, push("7", "harbor-ops/cranes", 16, None, &mia), push("8", "Atlas-Platform/x", 16, None, &mia), json!({}), json!(7), push("", tools, 16, None, &mia), push("a\u{0}b", tools, 16, None, &mia), huge];
        assert_eq!(tell(&world, &odd).await, 200);
        let found = list(&world, "").await;
        assert_eq!((found["items"].as_array().unwrap().len(), &found["items"][0]["size"]), (4, &Value::Null));
        // In pages, and by name.
        let page = list(&world, "?limit=3").await;
        let rest = list(&world, &format!("?limit=3&cursor={}", page["next"].as_str().unwrap())).await;
        assert_eq!((page["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len(), &rest["next"]), (3, 1, &Value::Null));
        assert_eq!(tags(&list(&world, "?q=DEEP").await).len(), 1);
        // A tag that is taken away, then a manifest that is deleted.
        let delete = |id: &str, target: Value| json!({ "id": id, "timestamp": "2026-01-05T09:00:00Z", "action": "delete", "target": target });
        assert_eq!(tell(&world, &[delete("20", json!({ "repository": "atlas-platform/tools/deep", "tag": "latest" }))]).await, 200);
        assert_eq!(tags(&list(&world, "?q=deep").await), [one("tools/deep@0c", &[])]);
        assert_eq!(tell(&world, &[delete("21", json!({ "repository": tools, "digest": digest(11) })), delete("22", json!({ "repository": tools, "digest": digest(99) }))]).await, 200);
        assert_eq!(tags(&list(&world, "?q=tools").await).len(), 2);
        world.check_invariants().await;
    }

    async fn members_see_them_and_nobody_else(world) {
        let (world, mia) = pushing(world).await;
        tell(&world, &[push("1", "atlas-platform/tools", 10, Some("1.0"), &mia)]).await;
        let stranger = world.token("lena@harbor.example").await;
        assert_eq!(world.api(&stranger, "GET", "/workspaces/atlas-platform/packages", None).await.status, 404);
        let (cookie, _) = world.session("lena@harbor.example").await;
        assert_eq!(world.send("GET", "/workspaces/atlas-platform/packages", &[("cookie", &cookie)], "").await.status, 404);
        let (cookie, _) = world.session(MIA).await;
        let page = async |slug: &str| {
            let page = world.send("GET", &format!("/workspaces/{slug}/packages"), &[("cookie", &cookie)], "").await;
            assert_eq!(page.status, 200, "{}", page.text);
            page.text
        };
        let unlocked = page(W).await;
        for text in ["docker login registry.test:5000 --username mia@meridian.example", "docker push registry.test:5000/atlas-platform/tools:TAG", "docker pull registry.test:5000/atlas-platform/tools:TAG", "1.0", "2.0 kB", "Mia Rossi"] {
            assert!(unlocked.contains(text), "{text}: {unlocked}");
        }
        let locked = page("night-shift").await;
        for text in ["Nothing can be pushed or pulled", "Not yet", "Ask the workspace", "Nothing was pushed yet"] {
            assert!(locked.contains(text), "{text}: {locked}");
        }
        assert!(!locked.contains("docker login"), "{locked}");
        // With the workspace they are gone.
        let ada = world.token(ADA).await;
        let deleted = world.change(&ada, "DELETE", "/workspaces/atlas-platform", None).await;
        assert!(deleted.status < 300, "{}", deleted.text);
        world.import("{\"type\":\"workspace\",\"slug\":\"atlas-platform\",\"name\":\"Again\",\"kind\":\"team\",\"plan\":\"standard\",\"billing_cycle\":\"monthly\",\"status\":\"active\"}\n{\"type\":\"user_group\",\"workspace\":\"atlas-platform\",\"slug\":\"administrators\",\"name\":\"Administrators\",\"is_admin\":true,\"repository_permission\":\"admin\",\"members\":[\"mia@meridian.example\"]}").await.unwrap();
        assert_eq!(list(&world, "").await["items"], json!([]));
        world.check_invariants().await;
    }
}
