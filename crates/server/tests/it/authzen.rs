//! OpenID AuthZEN: the shapes that its programs expect, decided by what the explainer says.

use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};

async fn ask(world: &TestApp, token: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/json"), ("x-request-id", "bfe9eb29-ab87")];
    world.send("POST", &format!("/access/v1/{path}"), &headers, &body.to_string()).await
}

fn user(email: &str) -> Value {
    json!({ "type": "user", "id": email, "properties": { "department": "not looked at" } })
}

fn gateway() -> Value {
    json!({ "type": "repository", "id": "atlas-platform/gateway" })
}

fn named(action: &str) -> Value {
    json!({ "name": action })
}

fn decisions(answer: &Answer) -> Vec<bool> {
    answer.json()["evaluations"].as_array().unwrap().iter().map(|e| e["decision"].as_bool().unwrap()).collect()
}

both! {
    async fn a_denial_is_an_answer_and_says_why(world) {
        let world = world.with_company().await;
        let hana = world.token("hana@meridian.example").await;
        let question = |who: &str, action: &str| json!({ "subject": user(who), "action": named(action), "resource": gateway(), "context": { "time": "2026-01-05T09:00Z" } });
        let yes = ask(&world, &hana, "evaluation", &question("tess@meridian.example", "write")).await;
        assert_eq!((yes.status, &yes.json()["decision"], yes.request_id.as_str()), (200, &true.into(), "bfe9eb29-ab87"), "{}", yes.text);
        let no = ask(&world, &hana, "evaluation", &question("tess@meridian.example", "admin")).await;
        assert_eq!((no.status, &no.json()["decision"]), (200, &false.into()), "{}", no.text);
        let why = no.json()["context"].clone();
        assert!(why["reason_user"]["403"].as_str().unwrap().contains("it takes admin"), "{why}");
        assert!(why["reason_admin"]["403"].as_str().unwrap().contains("the-strongest-way-counts"), "{why}");
        // It is what the explainer says, of policies too.
        for action in ["view_workspace", "change_workspace", "view_subscription"] {
            for who in ["tess@meridian.example", "hana@meridian.example", "ada@meridian.example"] {
                let path = format!("/access/explanation?account={who}&action={action}&workspace=atlas-platform");
                let said = world.api(&hana, "GET", &path, None).await.json();
                let resource = json!({ "type": "workspace", "id": "atlas-platform" });
                let body = json!({ "subject": user(who), "action": named(action), "resource": resource });
                let decided = ask(&world, &hana, "evaluation", &body).await.json();
                assert_eq!(decided["decision"], said["now"]["allowed"], "{who} {action}");
            }
        }
        // What one may not know, and what is not there: denied alike.
        let gus = world.token("gus@solo.example").await;
        let there = ask(&world, &gus, "evaluation", &question("gus@solo.example", "read")).await;
        let mut absent = question("gus@solo.example", "read");
        absent["resource"]["id"] = "no-such-place/gateway".into();
        let not = ask(&world, &gus, "evaluation", &absent).await;
        assert_eq!((there.status, there.said("atlas-platform", "W")), (200, not.said("no-such-place", "W")));
        for (field, value) in [("resource", json!({ "type": "planet", "id": "x" })), ("action", named("fly")), ("subject", json!({ "type": "robot", "id": "x" }))] {
            let mut odd = question("hana@meridian.example", "read");
            odd[field] = value;
            let answer = ask(&world, &hana, "evaluation", &odd).await;
            assert_eq!((answer.status, &answer.json()["decision"]), (200, &false.into()), "{field}: {}", answer.text);
            assert!(answer.json()["context"]["reason_user"]["400"].is_string(), "{}", answer.text);
        }
    }

    async fn several_are_answered_in_order_with_defaults_until_it_is_enough(world) {
        let world = world.with_company().await;
        let hana = world.token("hana@meridian.example").await;
        let all = |semantic: Option<&str>| {
            let mut body = json!({
                "subject": user("tess@meridian.example"), "resource": gateway(), "action": named("read"),
                "evaluations": [{}, { "action": named("admin") }, { "subject": user("hana@meridian.example"), "action": named("admin") }],
            });
            if let Some(semantic) = semantic {
                body["options"] = json!({ "evaluations_semantic": semantic, "another": 1 });
            }
            body
        };
        for (semantic, expected) in [
            (None, vec![true, false, true]),
            (Some("execute_all"), vec![true, false, true]),
            (Some("deny_on_first_deny"), vec![true, false]),
            (Some("permit_on_first_permit"), vec![true]),
        ] {
            let answer = ask(&world, &hana, "evaluations", &all(semantic)).await;
            assert_eq!((answer.status, decisions(&answer)), (200, expected), "{semantic:?}: {}", answer.text);
        }
        // Without a list it is one question.
        let mut one = all(None);
        one["evaluations"] = json!([]);
        assert_eq!(ask(&world, &hana, "evaluations", &one).await.json()["decision"], true);
        one.as_object_mut().unwrap().remove("evaluations");
        assert_eq!(ask(&world, &hana, "evaluations", &one).await.json()["decision"], true);
        let many = json!({ "subject": user("tess@meridian.example"), "resource": gateway(), "action": named("read"), "evaluations": vec![json!({}); 101] });
        let answer = ask(&world, &hana, "evaluations", &many).await;
        assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (400, Some("evaluations")));
        assert!(answer.text.contains("at most 100") && answer.text.contains("101"), "{}", answer.text);
    }

    async fn what_cannot_be_understood_is_400_and_who_is_unknown_401(world) {
        let world = world.with_company().await;
        let hana = world.token("hana@meridian.example").await;
        let whole = json!({ "subject": user("hana@meridian.example"), "action": named("read"), "resource": gateway() });
        for path in ["evaluation", "evaluations"] {
            for missing in ["subject", "action", "resource"] {
                let mut body = whole.clone();
                body.as_object_mut().unwrap().remove(missing);
                let answer = ask(&world, &hana, path, &body).await;
                assert_eq!((answer.status, answer.request_id.as_str()), (400, "bfe9eb29-ab87"), "{path} {missing}: {}", answer.text);
            }
            for odd in [json!([]), json!({ "subject": "hana" }), json!({ "options": { "evaluations_semantic": "sometimes" }, "evaluations": [whole] })] {
                assert_eq!(ask(&world, &hana, path, &odd).await.status, 400, "{path} {odd}");
            }
            assert_eq!(ask(&world, "olk_nothing", path, &whole).await.status, 401);
            assert_eq!(world.send("POST", &format!("/access/v1/{path}"), &[], &whole.to_string()).await.status, 401);
            let made = world.api(&hana, "POST", "/tokens", Some(json!({ "name": "t", "scopes": ["link"] }))).await.json();
            let answer = ask(&world, made["token"]["secret"].as_str().unwrap(), path, &whole).await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("scope_required")));
        }
        // One that lacks something makes the whole request one that cannot be understood: nothing is half answered.
        let half = json!({ "subject": user("hana@meridian.example"), "action": named("read"), "evaluations": [{ "resource": gateway() }, {}] });
        assert_eq!(ask(&world, &hana, "evaluations", &half).await.status, 400);
    }

    async fn the_metadata_says_where(world) {
        let answer = world.send("GET", "/.well-known/authzen-configuration", &[], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({
            "policy_decision_point": "http://orglink.test",
            "access_evaluation_endpoint": "http://orglink.test/access/v1/evaluation",
            "access_evaluations_endpoint": "http://orglink.test/access/v1/evaluations",
        }));
        assert!(!answer.request_id.is_empty(), "its own, when the caller gives none");
    }
}
