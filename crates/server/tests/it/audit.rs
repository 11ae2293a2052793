//! The log: filtered, and as a file; what is shown and nothing else.

use orglink_app::upkeep;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;

const ADA: &str = "ada@meridian.example";
const ATLAS: &str = "/workspaces/atlas-platform/events";

type Keeps<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// A log with a few of everything; Ada's token.
async fn busy(world: &TestApp) -> String {
    let ada = world.token(ADA).await;
    for plan in ["standard", "premium"] {
        world.change(&ada, "PATCH", "/workspaces/atlas-platform", Some(json!({ "plan": plan }))).await;
    }
    world.change(&ada, "PATCH", "/workspaces/atlas-platform", Some(json!({ "name": "=1+1, \"Atlas\"" }))).await;
    world.link(ADA, "atlas-platform", "meridian").await.unwrap();
    upkeep::sequence_all(&world.app).await.unwrap();
    ada
}

async fn all(world: &TestApp, token: &str, path: &str) -> Vec<Value> {
    let answer = world.api(token, "GET", path, None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"].as_array().unwrap().clone()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

both! {
    async fn a_filter_keeps_what_it_says_and_the_file_is_the_list(world) {
        let world = world.with_company().await;
        let ada = busy(&world).await;
        let whole = all(&world, &ada, &format!("{ATLAS}?limit=500")).await;
        let middle = whole[1]["at"].as_str().unwrap().to_owned();
        let me = whole[0]["actor"].as_str().unwrap().to_owned();
        let cases: Vec<(String, Keeps)> = vec![
            (String::new(), Box::new(|_| true)),
            ("&type=workspace.linked".into(), Box::new(|e| e["type"] == "workspace.linked")),
            ("&type=workspace.linked,workspace.created".into(), Box::new(|e| e["type"] == "workspace.linked" || e["type"] == "workspace.created")),
            ("&type=workspace.".into(), Box::new(|e| e["type"].as_str().unwrap().starts_with("workspace."))),
            ("&actor=ada%40meridian.example".into(), Box::new(|e| e["actor"] == me.as_str())),
            (format!("&actor={me}"), Box::new(|e| e["actor"] == me.as_str())),
            ("&actor=nobody%40nowhere.example".into(), Box::new(|_| false)),
            (format!("&from={middle}"), Box::new(|e| e["at"].as_str().unwrap() >= middle.as_str())),
            (format!("&until={middle}"), Box::new(|e| e["at"].as_str().unwrap() < middle.as_str())),
        ];
        for (query, keeps) in cases {
            let expected: Vec<Value> = whole.iter().filter(|e| keeps(e)).cloned().collect();
            assert_eq!(all(&world, &ada, &format!("{ATLAS}?limit=500{query}")).await, expected, "{query}");
            let file = world.api(&ada, "GET", &format!("{ATLAS}/export?format=ndjson{query}"), None).await;
            assert_eq!(lines(&file.text), expected, "{query}");
        }
    }

    async fn a_file_of_many_pages_is_the_list(world) {
        let world = world.with_company().await;
        let ada = busy(&world).await;
        let operator = orglink_app::Principal::local_operator();
        orglink_app::installation::grant_operator(&world.app, &operator, ADA).await.unwrap();
        upkeep::sequence_all(&world.app).await.unwrap();
        let ada_operates = world.token(ADA).await;
        for n in 0..600 {
            let plan = if n % 2 == 0 { "standard" } else { "premium" };
            world.change(&ada, "PATCH", "/workspaces/docs-site", Some(json!({ "plan": plan }))).await;
        }
        upkeep::sequence_all(&world.app).await.unwrap();
        let (mut listed, mut from) = (Vec::new(), String::new());
        loop {
            let page = world.api(&ada_operates, "GET", &format!("/operator/events?limit=500{from}"), None).await.json();
            listed.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => from = format!("&cursor={next}"),
                None => break,
            }
        }
        assert!(listed.len() > 600, "{}", listed.len());
        let file = world.api(&ada_operates, "GET", "/operator/events/export", None).await;
        assert_eq!(lines(&file.text), listed);
        let one = all(&world, &ada_operates, "/operator/events?workspace=docs-site&limit=500").await;
        assert!(one.iter().all(|e| e["workspace"] == one[0]["workspace"]));
    }

    async fn other_formats_say_the_same(world) {
        let world = world.with_company().await;
        let ada = busy(&world).await;
        let whole = all(&world, &ada, &format!("{ATLAS}?limit=500")).await;
        let csv = world.api(&ada, "GET", &format!("{ATLAS}/export?format=csv"), None).await.text;
        assert!(csv.starts_with("position,id,type,at,"), "{csv}");
        assert_eq!(csv.matches("\r\n").count(), whole.len() + 1);
        assert!(csv.split("\r\n").flat_map(|line| line.split(',')).all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{csv}");
        let ocsf = lines(&world.api(&ada, "GET", &format!("{ATLAS}/export?format=ocsf"), None).await.text);
        assert_eq!(ocsf.len(), whole.len());
        for (event, given) in whole.iter().zip(&ocsf) {
            assert_eq!(given["metadata"]["uid"], event["id"]);
            let (class, activity) = (given["class_uid"].as_i64().unwrap(), given["activity_id"].as_i64().unwrap());
            assert_eq!((given["type_uid"].as_i64(), given["category_uid"].as_i64()), (Some(class * 100 + activity), Some(class / 1000)));
            assert!(given["time"].as_i64().is_some() && given["severity_id"].as_i64().is_some());
            assert_eq!(given["unmapped"]["payload"], event["payload"]);
        }
    }

    async fn what_makes_no_sense_names_its_field(world) {
        let world = world.with_company().await;
        let ada = busy(&world).await;
        for (query, field) in [
            ("format=xml", "format"), ("type=nonsense", "type"), ("type=link", "type"), ("from=yesterday", "from"), ("until=1", "until"),
            ("from=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "from"), ("actor=ada", "actor"), ("workspace=docs-site", "workspace"),
        ] {
            let answer = world.api(&ada, "GET", &format!("{ATLAS}/export?{query}"), None).await;
            assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (400, &field.into()), "{query}");
        }
    }

    async fn nobody_else_gets_the_file(world) {
        let world = world.with_company().await;
        busy(&world).await;
        let zoe = world.token("zoe@harbor.example").await;
        for (path, status) in [(ATLAS, 404), ("/organizations/meridian/events", 404), ("/operator/events", 403)] {
            assert_eq!(world.api(&zoe, "GET", &format!("{path}/export"), None).await.status, status, "{path}");
        }
        let (cookie, _) = world.session(ADA).await;
        let page = world.send("GET", "/workspaces/atlas-platform/activity?type=workspace.linked", &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("/workspaces/atlas-platform/activity/export?format=csv"), "{}", page.text);
        let file = world.send("GET", "/workspaces/atlas-platform/activity/export?format=csv&type=workspace.linked", &[("cookie", &cookie)], "").await;
        assert_eq!((file.status, file.text.matches("\r\n").count()), (200, 2), "{}", file.text);
    }

    async fn the_command_writes_the_same_file(world) {
        let world = world.with_company().await;
        let ada = busy(&world).await;
        let (code, one, stderr) = run(&world, &["events", "export", "--workspace", "atlas-platform", "--type", "workspace.linked"]);
        assert_eq!((code, &one["type"]), (0, &"workspace.linked".into()), "{stderr}");
        assert_eq!(one, all(&world, &ada, &format!("{ATLAS}?type=workspace.linked")).await[0]);
        let (code, _, stderr) = run(&world, &["events", "export", "--format", "xml"]);
        assert!(code != 0 && stderr.contains("format"), "{code} {stderr}");
    }
}
