//! Assistants: the Model Context Protocol as its clients speak it, what each tool takes, and that nothing happens before a
//! person does it.

mod asking;
mod hostile;

use axum::body::Body;
use axum::http::Request;
use orglink_app::entitlement::turn_switch;
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::{Expected, Principal};
use orglink_domain::token::Scope;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub const ADA: &str = "ada@meridian.example";
pub const BEN: &str = "ben@meridian.example";
/// Admin of another workspace and organization.
pub const GUS: &str = "gus@solo.example";
pub const W: &str = "atlas-platform";
pub const O: &str = "meridian";

/// A token for an assistant.
pub async fn token(world: &TestApp, who: &str, scopes: &[Scope]) -> String {
    let wanted =
        orglink_app::token::NewToken { name: "Assistant at my desk".to_owned(), scopes: scopes.to_vec(), days: 30 };
    let made = orglink_app::token::create_token(&world.app, &world.person(who).await, &wanted).await.unwrap();
    made.secret.reveal().to_owned()
}

pub async fn assistant(world: &TestApp, who: &str) -> String {
    token(world, who, &[Scope::Read, Scope::Ask]).await
}

/// A message of the protocol, as clients of before 2026-07-28 send it.
pub async fn send(world: &TestApp, token: &str, message: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    world.send("POST", "/mcp", &headers, &message.to_string()).await
}

/// What a tool answers.
pub async fn call(world: &TestApp, token: &str, tool: &str, arguments: Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    let answer =
        send(world, token, &json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params })).await;
    assert_eq!(answer.status, 200, "{tool}: {}", answer.text);
    let answer = answer.json();
    assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(7)), "{answer}");
    answer["result"].clone()
}

/// What it tells, when it says yes.
pub async fn told(world: &TestApp, token: &str, tool: &str, arguments: Value) -> Value {
    let result = call(world, token, tool, arguments).await;
    assert_eq!(result["isError"], false, "{tool}: {result}");
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, result["structuredContent"], "the same as text");
    text
}

/// The code of a no, with the text that people read.
pub async fn refused(world: &TestApp, token: &str, tool: &str, arguments: Value) -> (String, String) {
    let result = call(world, token, tool, arguments).await;
    assert_eq!(result["isError"], true, "{tool}: {result}");
    let code = result["structuredContent"]["code"].as_str().unwrap().to_owned();
    let text = result["content"][0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains(&code), "{text}");
    (code, text)
}

pub async fn code(world: &TestApp, token: &str, tool: &str, arguments: Value) -> String {
    refused(world, token, tool, arguments).await.0
}

pub async fn switch(world: &TestApp, organization: &str, is_on: bool) {
    let ada = world.person(ADA).await;
    turn_switch(&world.app, &ada, organization, ("rovo_dev_agents", is_on), Expected::Any).await.unwrap();
}

pub fn pair() -> Value {
    json!({ "workspace": W, "organization": O })
}

/// The digest of a plan that an assistant drafted.
pub async fn drafted(world: &TestApp, token: &str, workspace: &str) -> String {
    let plan = told(world, token, "draft_link", json!({ "workspace": workspace, "organization": O })).await;
    plan["digest"].as_str().unwrap().to_owned()
}

pub fn wish(workspace: &str, digest: &str) -> Value {
    json!({ "workspace": workspace, "organization": O, "plan_digest": digest, "message": "As you asked." })
}

fn initialize(version: &str) -> Value {
    let params =
        json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": { "name": "it", "version": "1" } });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

both! {
    async fn without_a_token_that_is_for_it_nothing_is_answered(world) {
        let world = world.with_company().await;
        let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
        let request = Request::builder().method("POST").uri("/mcp").header("host", "orglink.test");
        let answer = world.router.clone().oneshot(request.body(Body::from(list.to_string())).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"orglink\"");
        for bad in ["olk_nothing", "", "x y"] {
            let answer = send(&world, bad, &list).await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("signed_out")), "{bad}");
        }
        for scope in [Scope::Link, Scope::Write, Scope::Admin] {
            let other = send(&world, &token(&world, ADA, &[scope]).await, &list).await;
            assert_eq!((other.status, other.json()["code"].as_str()), (403, Some("scope_required")), "{}", other.text);
        }
        // Each of the two scopes is for its own tools.
        let (read, ask) = (token(&world, ADA, &[Scope::Read]).await, token(&world, ADA, &[Scope::Ask]).await);
        assert_eq!(send(&world, &read, &list).await.status, 200);
        let digest = drafted(&world, &read, W).await;
        assert_eq!(code(&world, &read, "request_link", wish(W, &digest)).await, "scope_required");
        assert_eq!(code(&world, &ask, "list_my_workspaces", json!({})).await, "scope_required");
        // A token that links is not one that asks.
        let links = token(&world, ADA, &[Scope::Read, Scope::Link]).await;
        assert_eq!(code(&world, &links, "request_link", wish(W, &digest)).await, "scope_required");

        let listed = orglink_app::token::list_tokens(&world.app, &world.person(ADA).await).await.unwrap();
        let ids: Vec<String> = listed.iter().map(|t| t.id.to_string()).collect();
        for id in ids {
            orglink_app::token::revoke_token(&world.app, &world.person(ADA).await, &id).await.unwrap();
        }
        assert_eq!(send(&world, &read, &list).await.status, 401, "revoked");
        let old = assistant(&world, ADA).await;
        world.clock.advance(31 * 24 * 3600);
        assert_eq!(send(&world, &old, &list).await.status, 401, "expired");
        let suspended = assistant(&world, ADA).await;
        assert_eq!(send(&world, &suspended, &list).await.status, 200);
        let (operator, ada) = (Principal::local_operator(), world.person(ADA).await.account().unwrap().id.to_string());
        orglink_app::account::suspend_account(&world.app, &operator, &ada, "Left.").await.unwrap();
        assert_eq!(send(&world, &suspended, &list).await.status, 401, "suspended");
        world.check_invariants().await;
    }

    async fn a_page_of_another_origin_or_by_another_name_gets_nothing(world) {
        let world = world.with_company().await;
        let bearer = format!("Bearer {}", assistant(&world, ADA).await);
        let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
        for (origin, host, status) in [
            (None, "orglink.test", 200),
            (Some("http://orglink.test"), "orglink.test", 200),
            (Some("http://orglink.test:80"), "orglink.test", 200),
            (Some("https://orglink.test"), "orglink.test", 403),
            (Some("http://orglink.test:8080"), "orglink.test", 403),
            (Some("http://orglink.test.evil.example"), "orglink.test", 403),
            (Some("http://evil.example"), "orglink.test", 403),
            (Some("null"), "orglink.test", 403),
            (Some(""), "orglink.test", 403),
            // A name that was made to lead here.
            (None, "rebound.evil.example", 421),
            (Some("http://rebound.evil.example"), "rebound.evil.example", 421),
        ] {
            let mut request = Request::builder()
                .method("POST")
                .uri("/mcp")
                .header("host", host)
                .header("authorization", &bearer)
                .header("content-type", "application/json")
                .header("accept", "application/json, text/event-stream");
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let answer = world.router.clone().oneshot(request.body(Body::from(list.clone())).unwrap()).await.unwrap();
            assert_eq!(answer.status(), status, "{origin:?} at {host}");
        }
    }

    async fn versions_are_agreed_on_and_nothing_is_kept_between_requests(world) {
        let world = world.with_company().await;
        let ada = assistant(&world, ADA).await;
        for (asked, agreed) in [("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25")] {
            let bearer = format!("Bearer {ada}");
            let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
            let answer = world.send("POST", "/mcp", &headers, &initialize(asked).to_string()).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let result = &answer.json()["result"];
            assert_eq!((&result["protocolVersion"], &result["serverInfo"]["name"]), (&json!(agreed), &json!("orglink")), "{asked}: {result}");
            assert_eq!(result["capabilities"], json!({ "tools": {} }));
            assert!(result["instructions"].as_str().unwrap().contains("changes anything"));
        }
        // The revision without a handshake.
        let bearer = format!("Bearer {ada}");
        let mut headers = vec![
            ("authorization", bearer.as_str()), ("content-type", "application/json"), ("accept", "application/json, text/event-stream"),
            ("mcp-protocol-version", "2026-07-28"), ("mcp-method", "server/discover"),
        ];
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { "name": "it", "version": "1" },
        });
        let discover = json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": { "_meta": meta } });
        let answer = world.send("POST", "/mcp", &headers, &discover.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.text.contains("2026-07-28"), "{}", answer.text);
        headers[4] = ("mcp-method", "tools/call");
        headers.push(("mcp-name", "check_eligibility"));
        let params = json!({ "_meta": meta, "name": "check_eligibility", "arguments": { "workspace": W } });
        let asked = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params });
        let answer = world.send("POST", "/mcp", &headers, &asked.to_string()).await;
        assert_eq!(answer.json()["result"]["structuredContent"]["eligible"], true, "{}", answer.text);
        // No session, so none to follow or to end.
        for method in ["GET", "DELETE"] {
            assert_eq!(world.send(method, "/mcp", &headers[..1], "").await.status, 405, "{method}");
        }
    }

    async fn every_tool_says_what_it_takes_and_that_it_only_reads(world) {
        let world = world.with_company().await;
        let ada = assistant(&world, ADA).await;
        let answer = send(&world, &ada, &json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })).await.json();
        let tools = answer["result"]["tools"].as_array().unwrap();
        assert_eq!(tools.len(), 10);
        for tool in tools {
            let name = tool["name"].as_str().unwrap();
            assert!(tool["description"].as_str().unwrap().len() > 30 && tool["title"].is_string(), "{tool}");
            let (takes, says, hints) = (&tool["inputSchema"], &tool["outputSchema"], &tool["annotations"]);
            assert_eq!((&takes["type"], &takes["additionalProperties"]), (&json!("object"), &json!(false)), "{name}: {takes}");
            assert_eq!(says["anyOf"].as_array().unwrap().len(), 2, "{name}");
            assert_eq!(hints["readOnlyHint"], !name.starts_with("request_") || name == "request_status", "{name}");
            assert_eq!((&hints["destructiveHint"], &hints["openWorldHint"]), (&json!(false), &json!(false)), "{name}");
            assert!(!tool.to_string().contains("$ref"), "{name} refers to what not every client follows");
        }
        let takes = |name: &str| tools.iter().find(|t| t["name"] == name).unwrap()["inputSchema"].clone();
        assert_eq!(takes("draft_link")["required"], json!(["workspace", "organization"]));
        assert_eq!(takes("request_link")["required"], json!(["workspace", "organization", "plan_digest"]));
        assert_eq!(takes("list_my_workspaces")["required"], Value::Null);
    }

    async fn what_they_read_is_what_everybody_is_told(world) {
        let world = world.with_company().await;
        let (ada, api) = (assistant(&world, ADA).await, token(&world, ADA, &[Scope::Read, Scope::Link]).await);
        let first = told(&world, &ada, "list_my_workspaces", json!({ "limit": 2 })).await;
        let theirs = world.api(&api, "GET", "/me/workspaces?limit=2", None).await.json();
        for (ours, theirs) in first["items"].as_array().unwrap().iter().zip(theirs["items"].as_array().unwrap()) {
            assert_eq!((&ours["slug"], &ours["role"]), (&theirs["workspace"]["slug"], &theirs["role"]));
        }
        let next = told(&world, &ada, "list_my_workspaces", json!({ "limit": 2, "cursor": first["next"] })).await;
        assert!(next["items"][0]["slug"].as_str() > first["items"][1]["slug"].as_str(), "{next}");

        let ours = told(&world, &ada, "check_eligibility", json!({ "workspace": "ada-brandt", "organization": O })).await;
        let theirs = world.api(&api, "GET", "/workspaces/ada-brandt/eligibility?organization=meridian", None).await.json();
        assert_eq!((&ours["eligible"], &ours["reasons"][0]["code"]), (&json!(false), &json!("personal_workspace")));
        assert_eq!(ours["reasons"][0]["remedy"], theirs["reasons"][0]["remedy"], "{theirs}");

        let ours = told(&world, &ada, "list_entitlements", json!({ "workspace": W })).await;
        let theirs = world.api(&api, "GET", &format!("/workspaces/{W}/entitlements"), None).await.json();
        assert_eq!(ours["items"], theirs["items"]);

        let ours = told(&world, &ada, "draft_link", pair()).await;
        let theirs = world.api(&api, "POST", "/link-plans", Some(pair())).await.json()["plan"].clone();
        assert_eq!((&ours["digest"], &ours["document"], &ours["eligible"]), (&theirs["digest"], &theirs["document"], &json!(true)));
        assert_eq!(ours["warnings"], theirs["warnings"]);
        assert_eq!(ours["unlocks"], json!(["Install Forge apps", "Container registry (Packages)", "Rovo Dev"]));
        assert!(world.events().await.iter().all(|e| e.kind.as_str() != "workspace.linked"));
        assert_eq!(told(&world, &ada, "view_campaign", json!({ "workspace": W })).await["campaign"], Value::Null);

        world.link(ADA, W, O).await.unwrap();
        let question = json!({ "workspace": W, "repository": "gateway", "account": "mia@meridian.example", "action": "write", "after_link": O });
        let ours = told(&world, &ada, "explain_access", question).await;
        let path = format!("/access/explanation?account=mia@meridian.example&action=write&repository={W}/gateway");
        let theirs = world.api(&api, "GET", &path, None).await.json();
        assert_eq!((&ours["now"]["allowed"], &ours["now"]["because"]), (&theirs["now"]["allowed"], &theirs["now"]["because"]));
        assert_eq!((&ours["now"]["allowed"], &ours["after"]["allowed"]), (&json!(true), &json!(true)), "{ours}");
        world.check_invariants().await;
    }

    async fn what_says_how_to_unlock_is_open_and_the_rest_takes_the_feature(world) {
        let world = world.with_company().await.with_undo_window(30 * 24 * 3600).await;
        let ada = assistant(&world, ADA).await;
        for open in ["check_eligibility", "list_entitlements", "view_campaign"] {
            told(&world, &ada, open, json!({ "workspace": W })).await;
        }
        told(&world, &ada, "draft_link", pair()).await;
        let question = json!({ "workspace": W, "account": ADA, "action": "view_workspace" });
        for (tool, asked) in [("explain_access", question.clone()), ("draft_undo", json!({ "workspace": W }))] {
            let (code, text) = refused(&world, &ada, tool, asked).await;
            assert_eq!(code, "feature_locked", "{tool}");
            assert!(text.contains("linked: Link it to an organization.") && text.contains("/features"), "{text}");
        }
        world.link(ADA, W, O).await.unwrap();
        told(&world, &ada, "explain_access", question.clone()).await;
        let undo = told(&world, &ada, "draft_undo", json!({ "workspace": W })).await;
        assert_eq!(undo["locks"], json!(["Install Forge apps", "Container registry (Packages)", "Rovo Dev"]), "{undo}");
        // Undone, it is locked again at once.
        undo_link(&world.app, &world.person(ADA).await, W, &UndoRequest::default()).await.unwrap();
        assert_eq!(code(&world, &ada, "explain_access", question).await, "feature_locked");
        world.check_invariants().await;
    }

    async fn what_is_another_s_is_not_there(world) {
        let world = world.with_company().await;
        switch(&world, "harbor", true).await;
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        let gus = assistant(&world, GUS).await;
        let digest = format!("sha256:{}", "0".repeat(64));
        let of = |w: &str, o: &str| {
            [
                ("check_eligibility", json!({ "workspace": w })),
                ("check_eligibility", json!({ "workspace": "workshop", "organization": o })),
                ("list_entitlements", json!({ "workspace": w })),
                ("view_campaign", json!({ "workspace": w })),
                ("draft_link", json!({ "workspace": w, "organization": o })),
                ("explain_access", json!({ "workspace": w, "account": GUS, "action": "view_workspace" })),
                ("draft_undo", json!({ "workspace": w })),
                ("request_link", json!({ "workspace": w, "organization": o, "plan_digest": digest })),
                ("request_undo", json!({ "workspace": w, "plan_digest": digest })),
            ]
        };
        let asks = of("harbor-ops", "harbor").into_iter().zip(of("no-such-one", "nobodys"));
        for ((tool, theirs), (_, absent)) in asks {
            let (there, nothing) = (call(&world, &gus, tool, theirs).await, call(&world, &gus, tool, absent).await);
            assert_eq!(there["structuredContent"]["code"], "not_found", "{tool}: {there}");
            let plain = |of: &Value, w: &str, o: &str| {
                let request = of["structuredContent"]["request_id"].as_str().unwrap_or("-").to_owned();
                of.to_string().replace(w, "W").replace(o, "O").replace(&request, "R")
            };
            assert_eq!(plain(&there, "harbor-ops", "harbor"), plain(&nothing, "no-such-one", "nobodys"), "{tool}");
        }
        let mine = told(&world, &gus, "list_my_workspaces", json!({})).await.to_string();
        assert!(!mine.contains("harbor"), "{mine}");
        world.check_invariants().await;
    }
}
