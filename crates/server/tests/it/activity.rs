//! What happened, told to those who may know, and to nobody else.

use orglink_app::upkeep;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

const ADA: &str = "ada@meridian.example";

async fn told(world: &TestApp, token: &str, path: &str) -> Vec<String> {
    upkeep::sequence_all(&world.app).await.unwrap();
    let answer = world.api(token, "GET", path, None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let text = |e: &Value| format!("{} {}", e["actor_name"].as_str().unwrap(), e["text"].as_str().unwrap());
    answer.json()["items"].as_array().unwrap().iter().map(text).collect()
}

both! {
    async fn a_workspace_s_people_read_what_happened_in_words(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let atlas = "/workspaces/atlas-platform";
        world.change(&ada, "PATCH", atlas, Some(json!({ "plan": "standard" }))).await;
        world.api(&ada, "PUT", &format!("{atlas}/user-groups/administrators/members/ivo@meridian.example"), None).await;
        world.change(&ada, "PUT", &format!("{atlas}/repositories/ledger/groups/developers"), Some(json!({ "permission": "read" }))).await;
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        world.change(&ada, "DELETE", &format!("{atlas}/members/mia@meridian.example"), None).await;
        let mine = told(&world, &ada, &format!("{atlas}/events")).await;
        assert_eq!(mine[..5], [
            "Ada Brandt took Mia Rossi out of the workspace",
            "Ada Brandt linked the workspace atlas-platform to the organization meridian",
            "Ada Brandt gave developers read on ledger",
            "Ada Brandt added Ivo Petrov to administrators",
            "Ada Brandt changed the workspace: plan from premium to standard",
        ]);
        let linked = told(&world, &ada, &format!("{atlas}/events?type=workspace.linked")).await;
        assert_eq!(linked.len(), 1);
        assert_eq!(world.api(&ada, "GET", &format!("{atlas}/events?type=nonsense"), None).await.status, 400);
        // In pages, nothing twice and nothing missing.
        let (mut seen, mut from) = (Vec::new(), String::new());
        loop {
            let page = world.api(&ada, "GET", &format!("{atlas}/events?limit=2{from}"), None).await.json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|e| e["position"].as_i64().unwrap()));
            match page["next"].as_str() {
                Some(next) => from = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), mine.len());
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
        let (cookie, _) = world.session("ivo@meridian.example").await;
        let page = world.send("GET", &format!("{atlas}/activity"), &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("added Ivo Petrov to administrators"), "{}", page.text);
    }

    async fn an_organization_reads_of_the_link_and_not_of_what_happens_inside(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        world.change(&ada, "DELETE", "/workspaces/docs-site/members/mia@meridian.example", None).await;
        world.api(&ada, "PUT", "/organizations/meridian/roles/auditor/mia@meridian.example", None).await;
        let cleo = world.token("cleo@meridian.example").await;
        let theirs = told(&world, &cleo, "/organizations/meridian/events").await;
        assert_eq!(theirs[0], "Ada Brandt gave Mia Rossi the role auditor");
        assert!(theirs.iter().any(|t| t.contains("linked the workspace docs-site")), "{theirs:?}");
        assert!(!theirs.iter().any(|t| t.contains("out of the workspace")), "{theirs:?}");
        assert_eq!(world.api(&cleo, "GET", "/workspaces/docs-site/events", None).await.status, 403);
        let sam = world.token("sam@meridian.example").await;
        assert_eq!(world.api(&sam, "GET", "/organizations/meridian/events", None).await.status, 403);
        let zoe = world.token("zoe@harbor.example").await;
        assert_eq!(world.api(&zoe, "GET", "/organizations/meridian/events", None).await.status, 404);
    }
}
