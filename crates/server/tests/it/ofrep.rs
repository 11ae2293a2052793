//! OpenFeature's remote evaluation protocol: what its providers send and expect.

use orglink_app::{Principal, installation::grant_operator};
use orglink_domain::token::Scope;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};

const ADA: &str = "ada@meridian.example";
const OLGA: &str = "olga@operator.example";
const W: &str = "atlas-platform";

async fn ask(world: &TestApp, token: &str, key: &str, body: &str, seen: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
    if !seen.is_empty() {
        headers.push(("if-none-match", seen));
    }
    let key = if key.is_empty() { String::new() } else { format!("/{key}") };
    world.send("POST", &format!("/ofrep/v1/evaluate/flags{key}"), &headers, body).await
}

fn about(workspace: &str) -> String {
    json!({ "context": { "targetingKey": workspace, "plan": "premium", "nested": { "not": "looked at" } } }).to_string()
}

async fn product(world: &TestApp) -> String {
    grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    world.token_for(OLGA, vec![Scope::Entitlements]).await
}

both! {
    async fn one_flag_says_yes_or_no_and_why(world) {
        let world = world.with_company().await;
        let token = product(&world).await;
        let no = ask(&world, &token, "packages", &about(W), "").await;
        assert_eq!(no.status, 200, "{}", no.text);
        let said = no.json();
        assert_eq!((said["key"].clone(), said["value"].clone(), said["variant"].clone()), ("packages".into(), false.into(), "off".into()));
        assert_eq!((said["metadata"]["failing"].clone(), said["metadata"]["failingConditions"].clone()), ("linked".into(), "linked".into()));
        assert_eq!(said["metadata"]["remedy"], "Link it to an organization.");
        assert_eq!(said["metadata"]["url"], "http://orglink.test/workspaces/atlas-platform/features");
        // No lists, no maps: providers take text, numbers and booleans.
        assert!(said["metadata"].as_object().unwrap().values().all(|v| v.is_string() || v.is_boolean() || v.is_number()));
        world.link(ADA, W, "meridian").await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let yes = ask(&world, &token, "packages", &about(W), "").await.json();
        assert_eq!((yes["value"].clone(), yes["variant"].clone(), yes["metadata"].get("failing")), (true.into(), "on".into(), None));
        // By id, and by an API key's header.
        let id = world.api(&world.token(ADA).await, "GET", &format!("/workspaces/{W}"), None).await.json()["id"].as_str().unwrap().to_owned();
        let headers = [("x-api-key", token.as_str()), ("content-type", "application/json")];
        let by_id = world.send("POST", "/ofrep/v1/evaluate/flags/packages", &headers, &about(&id)).await;
        assert_eq!((by_id.status, by_id.json()["value"].clone()), (200, true.into()), "{}", by_id.text);
    }

    async fn errors_are_those_of_the_protocol(world) {
        let world = world.with_company().await;
        let token = product(&world).await;
        let unknown = ask(&world, &token, "no-such-flag", &about(W), "").await;
        assert_eq!((unknown.status, unknown.json()["errorCode"].clone(), unknown.json()["key"].clone()), (404, "FLAG_NOT_FOUND".into(), "no-such-flag".into()));
        for (body, code) in [
            ("{", "PARSE_ERROR"), ("[]", "PARSE_ERROR"), ("{}", "PARSE_ERROR"), (r#"{"context":7}"#, "PARSE_ERROR"),
            (r#"{"context":{}}"#, "TARGETING_KEY_MISSING"), (r#"{"context":{"targetingKey":""}}"#, "TARGETING_KEY_MISSING"),
            (r#"{"context":{"targetingKey":7}}"#, "PARSE_ERROR"),
            (r#"{"context":{"targetingKey":"no-such"}}"#, "INVALID_CONTEXT"), (r#"{"context":{"targetingKey":"a\u0000b"}}"#, "INVALID_CONTEXT"),
        ] {
            for key in ["packages", ""] {
                let answer = ask(&world, &token, key, body, "").await;
                assert_eq!((answer.status, answer.json()["errorCode"].clone()), (400, code.into()), "{body} {}", answer.text);
                assert_eq!(answer.json().get("key").is_some(), !key.is_empty(), "{}", answer.text);
            }
        }
        assert_eq!(ask(&world, "olk_nonsense", "packages", &about(W), "").await.status, 401);
        assert_eq!(world.send("POST", "/ofrep/v1/evaluate/flags", &[], &about(W)).await.status, 401);
        assert_eq!(world.send("GET", "/ofrep/v1/evaluate/flags", &[], "").await.status, 405);
        let writes = world.token_for(ADA, vec![Scope::Write]).await;
        assert_eq!(ask(&world, &writes, "packages", &about(W), "").await.status, 403, "a token for something else");
    }

    async fn whoever_is_no_product_asks_about_what_they_may_see(world) {
        let world = world.with_company().await;
        let mia = world.token_for("mia@meridian.example", vec![Scope::Read]).await;
        assert_eq!(ask(&world, &mia, "packages", &about(W), "").await.status, 200);
        let hidden = ask(&world, &mia, "packages", &about("harbor-ops"), "").await;
        let absent = ask(&world, &mia, "packages", &about("no-such-ops"), "").await;
        assert_eq!((hidden.status, hidden.said("harbor-ops", "X")), (400, absent.said("no-such-ops", "X")));
    }

    async fn all_flags_have_a_tag_and_changes_are_told(world) {
        let world = world.with_company().await;
        let token = product(&world).await;
        let all = ask(&world, &token, "", &about(W), "").await;
        let names: Vec<Value> = all.json()["flags"].as_array().unwrap().iter().map(|f| f["key"].clone()).collect();
        assert_eq!(names, ["forge_apps", "packages", "rovo_dev", "rovo_dev_agents", "unified_billing", "central_user_management"]);
        let bare = all.etag.trim_matches('"').to_owned();
        for seen in [all.etag.clone(), bare.clone(), format!("W/{}", all.etag), format!("\"other\", {}", all.etag)] {
            let same = ask(&world, &token, "", &about(W), &seen).await;
            assert_eq!((same.status, same.text.as_str(), same.etag.as_str()), (304, "", all.etag.as_str()), "{seen}");
        }
        let stream = all.json()["eventStreams"][0].clone();
        assert_eq!(stream["type"], "sse");
        let path = stream["url"].as_str().unwrap().strip_prefix("http://orglink.test").unwrap().to_owned();
        let mut events = world.listen(&path, &[]).await;
        // Something that changes nothing here, then something that does.
        let ada = world.token(ADA).await;
        world.change(&ada, "PATCH", &format!("/workspaces/{W}"), Some(json!({ "name": "Another name" }))).await;
        world.tell().await;
        orglink_app::feed::poll(&world.app).await.unwrap();
        world.link(ADA, W, "meridian").await.unwrap();
        world.tell().await;
        orglink_app::feed::poll(&world.app).await.unwrap();
        let event = events.next().await.unwrap();
        assert!(event.contains("refetchEvaluation") && !event.contains(&bare), "{event}");
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let now = ask(&world, &token, "", &about(W), &all.etag).await;
        assert_eq!(now.status, 200);
        assert!(event.contains(now.etag.trim_matches('"')), "the tag that it told: {event} {}", now.etag);
        // Whoever comes back is told to ask again.
        let mut back = world.listen(&path, &[("last-event-id", "1")]).await;
        assert!(back.next().await.unwrap().contains("refetchEvaluation"));
        // A ticket is for an hour or two, for one workspace, and none that was tampered with.
        for odd in [path.replace("ticket=0", "ticket=1"), path[..path.len() - 2].to_owned(), format!("{path}x"), "/ofrep/v1/changes?ticket=x".to_owned()] {
            assert_eq!(world.send("GET", &odd, &[], "").await.status, 401, "{odd}");
        }
        world.clock.advance(2 * 3600 + 1);
        assert_eq!(world.send("GET", &path, &[], "").await.status, 401);
    }
}
