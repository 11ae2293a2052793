//! What an assistant asks, who confirms it, and what stands in the way.

use orglink_app::assistant::{self, decline_request};
use orglink_app::{Error, PageRequest};
use orglink_domain::event::EventType;
use orglink_domain::link::Consent;
use orglink_domain::token::Scope;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use super::{ADA, BEN, GUS, O, W, assistant, code, drafted, pair, refused, switch, token, told, wish};
use crate::notify::subjects;

const HOUR: i64 = 3600;

async fn happened(world: &TestApp, kind: EventType) -> usize {
    world.events().await.iter().filter(|e| e.kind == kind).count()
}

async fn page(world: &TestApp, who: &str, path: &str) -> String {
    let (cookie, _) = world.session(who).await;
    let page = world.send("GET", path, &[("cookie", &cookie)], "").await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    page.text
}

async fn post(world: &TestApp, who: &str, path: &str, form: &str) -> orglink_testkit::Answer {
    let (cookie, form_token) = world.session(who).await;
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    world.send("POST", path, &headers, &format!("{form}&form_token={form_token}")).await
}

/// Links in the product, by the page of a plan.
async fn confirm(world: &TestApp, who: &str, digest: &str) -> orglink_testkit::Answer {
    let form = format!("workspace={W}&key=k&acknowledge=link_is_permanent&acknowledge=people_stay_in_workspace");
    post(world, who, &format!("/organizations/{O}/link/plans/{digest}"), &form).await
}

async fn status(world: &TestApp, token: &str, id: &Value) -> Value {
    told(world, token, "request_status", json!({ "request": id })).await["items"][0].clone()
}

both! {
    async fn nothing_happens_before_the_person_does_it(world) {
        let world = world.with_company().await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        // The organization has not switched it on: it says which condition, and where.
        let (locked, text) = refused(&world, &ada, "request_link", wish(W, &digest)).await;
        assert_eq!(locked, "feature_locked");
        assert!(text.contains("organization_switch") && text.contains("http://orglink.test/organizations/meridian/features"), "{text}");
        assert!(text.contains("An organization admin."), "{text}");
        assert_eq!(happened(&world, EventType::AssistantRequestCreated).await, 0);
        switch(&world, O, true).await;
        // The switch is part of the plan: it is another one now.
        assert_eq!(code(&world, &ada, "request_link", wish(W, &digest)).await, "plan_changed");
        let digest = drafted(&world, &ada, W).await;
        let asked = told(&world, &ada, "request_link", wish(W, &digest)).await;
        assert_eq!((&asked["state"], &asked["act"], &asked["url"]), (&json!("open"), &json!("link"), &json!("http://orglink.test/me/assistants")));
        let again = told(&world, &ada, "request_link", wish(W, &digest)).await;
        assert_eq!(again["id"], asked["id"], "asked once");
        assert_eq!((happened(&world, EventType::AssistantRequestCreated).await, happened(&world, EventType::WorkspaceLinked).await), (1, 0));

        // Its person is told, and nobody else.
        assert_eq!(subjects(&world, ADA).await.iter().filter(|s| *s == "An assistant asks you to confirm linking Atlas Platform").count(), 1);
        for other in [BEN, "hana@meridian.example", GUS] {
            assert!(subjects(&world, other).await.iter().all(|s| !s.contains("assistant")), "{other}");
        }
        let list = page(&world, ADA, "/me/assistants").await;
        let decide = format!("/organizations/{O}/link/plans/{digest}");
        assert!(list.contains(&decide) && list.contains("As you asked.") && list.contains("Assistant at my desk"), "{list}");
        assert!(!page(&world, BEN, "/me/assistants").await.contains("atlas"));
        assert!(page(&world, ADA, &decide).await.contains("Link Atlas Platform to Meridian Freight?"));
        assert_eq!(status(&world, &ada, &asked["id"]).await["state"], "open");

        // By the token it could only ask; it does what it says on the page.
        let done = confirm(&world, ADA, &digest).await;
        assert_eq!((done.status, done.location.as_str()), (303, "/organizations/meridian/apps?linked=atlas-platform"), "{}", done.text);
        assert_eq!(status(&world, &ada, &asked["id"]).await["state"], "confirmed");
        assert_eq!((happened(&world, EventType::AssistantRequestConfirmed).await, happened(&world, EventType::WorkspaceLinked).await), (1, 1));
        let told_so = page(&world, ADA, &format!("/workspaces/{W}/activity")).await;
        assert!(told_so.contains("was asked by an assistant of theirs to confirm linking atlas-platform to meridian"), "{told_so}");
        assert!(told_so.contains("confirmed what an assistant asked for: linking atlas-platform to meridian"), "{told_so}");
        assert!(!told_so.contains("As you asked."), "what it wrote is its person's");
        let late = post(&world, ADA, "/me/assistants/decline", &format!("request={}", asked["id"].as_str().unwrap())).await;
        assert_eq!(late.status, 409, "{}", late.text);
        assert_eq!(code(&world, &ada, "request_link", wish(W, &digest)).await, "already_linked");
        world.check_invariants().await;
    }

    async fn what_a_token_does_by_the_api_confirms_nothing(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        let asked = told(&world, &ada, "request_link", wish(W, &digest)).await;
        // The assistant's own token is of no use there.
        let body = json!({ "workspace": W, "organization": O, "plan_digest": digest, "acknowledge_all": true });
        let own = world.api(&ada, "POST", "/links", Some(body.clone())).await;
        assert_eq!((own.status, own.json()["code"].as_str()), (403, Some("scope_required")));
        let script = token(&world, ADA, &[Scope::Link]).await;
        assert_eq!(world.api(&script, "POST", "/links", Some(body)).await.status, 201);
        let now = status(&world, &ada, &asked["id"]).await;
        assert_eq!(now["state"], "open");
        assert!(now["obstacle"].as_str().unwrap().contains("linked"), "{now}");
        assert_eq!(happened(&world, EventType::AssistantRequestConfirmed).await, 0);
        let list = page(&world, ADA, "/me/assistants").await;
        assert!(list.contains("cannot be confirmed any more") && !list.contains("Look at the plan and decide"), "{list}");
    }

    async fn what_has_changed_since_is_said_and_not_done(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        let asked = told(&world, &ada, "request_link", wish(W, &digest)).await;
        world.import(&format!(r#"{{"type":"workspace","slug":"{W}","name":"Atlas Platform","kind":"team","plan":"standard","billing_cycle":"monthly"}}"#)).await.unwrap();
        let now = status(&world, &ada, &asked["id"]).await;
        assert!(now["state"] == "open" && now["obstacle"].as_str().unwrap().contains("Something has changed"), "{now}");
        // Who clicks all the same is shown the differences, and nothing is linked.
        let done = confirm(&world, ADA, &digest).await;
        assert_eq!((done.status, happened(&world, EventType::WorkspaceLinked).await), (303, 0), "{}", done.text);
        assert!(page(&world, ADA, &done.location).await.contains("Something has changed since you looked."));
        assert_eq!(code(&world, &ada, "request_link", wish(W, &digest)).await, "plan_changed");
        // Linked by another plan: not what was asked for.
        let other = drafted(&world, &ada, W).await;
        let done = confirm(&world, ADA, &other).await;
        assert_eq!((done.status, happened(&world, EventType::WorkspaceLinked).await), (303, 1), "{}", done.text);
        assert_eq!((status(&world, &ada, &asked["id"]).await["state"].as_str(), happened(&world, EventType::AssistantRequestConfirmed).await), (Some("open"), 0));
        world.check_invariants().await;
    }

    async fn it_takes_a_plan_that_was_drafted_and_is_not_too_old(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        assert_eq!(code(&world, &ada, "request_link", wish("atlas-mobile", &digest)).await, "not_found", "of another workspace");
        assert_eq!(code(&world, &ada, "request_link", wish(W, &format!("sha256:{}", "0".repeat(64)))).await, "not_found");
        assert_eq!(code(&world, &ada, "request_link", wish(W, "latest")).await, "bad_input");
        let asked = told(&world, &ada, "request_link", wish(W, &digest)).await;
        world.clock.advance(25 * HOUR);
        assert_eq!(status(&world, &ada, &asked["id"]).await["state"], "expired");
        assert_eq!(code(&world, &ada, "request_link", wish(W, &digest)).await, "plan_expired");
        assert!(!page(&world, ADA, "/me/assistants").await.contains("Look at the plan and decide"));
        let no = decline_request(&world.app, &world.person(ADA).await, asked["id"].as_str().unwrap()).await.unwrap_err();
        assert!(matches!(no, Error::Refused(r) if r.code == "request_not_open"));
        // What is over is in nobody's way.
        let digest = drafted(&world, &ada, W).await;
        let next = told(&world, &ada, "request_link", wish(W, &digest)).await;
        assert!(next["state"] == "open" && next["id"] != asked["id"], "{next}");
        world.check_invariants().await;
    }

    async fn only_its_own_person_declines_or_sees_it(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        let asked = told(&world, &ada, "request_link", wish(W, &digest)).await;
        let id = asked["id"].as_str().unwrap();
        let others = assistant(&world, BEN).await;
        for id in [id, "01890000-0000-7000-8000-000000000000", "x"] {
            assert_eq!(code(&world, &others, "request_status", json!({ "request": id })).await, "not_found");
            assert_eq!(post(&world, BEN, "/me/assistants/decline", &format!("request={id}")).await.status, 404);
        }
        assert_eq!(told(&world, &others, "request_status", json!({})).await["items"], json!([]));
        let done = post(&world, ADA, "/me/assistants/decline", &format!("request={id}")).await;
        assert_eq!((done.status, done.location.as_str()), (303, "/me/assistants?saved=yes"), "{}", done.text);
        assert_eq!(status(&world, &ada, &asked["id"]).await["state"], "declined");
        assert_eq!((happened(&world, EventType::AssistantRequestDeclined).await, happened(&world, EventType::WorkspaceLinked).await), (1, 0));
        // A no is no answer to another plan, nor to the same when it is asked anew: at most so often.
        assert_eq!(told(&world, &ada, "request_link", wish(W, &digest)).await["state"], "open");
        world.check_invariants().await;
    }

    async fn who_could_not_do_it_cannot_be_asked(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        // Hana administers the workspace and no organization.
        let hana = assistant(&world, "hana@meridian.example").await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        let no = refused(&world, &hana, "request_link", wish(W, &digest)).await;
        assert!(["not_found", "organization_admin_required"].contains(&no.0.as_str()), "{no:?}");
        for (workspace, expected) in [("ada-brandt", "feature_locked"), ("old-billing", "suspended")] {
            let digest = drafted(&world, &ada, workspace).await;
            let (code, text) = refused(&world, &ada, "request_link", wish(workspace, &digest)).await;
            let is_expected = code == expected || (workspace == "ada-brandt" && code == "personal_workspace");
            assert!(is_expected, "{workspace}: {code} {text}");
        }
        let people = world.with_consent(Consent::TwoPeople, false).await;
        let ada = assistant(&people, ADA).await;
        let digest = drafted(&people, &ada, W).await;
        assert_eq!(code(&people, &ada, "request_link", wish(W, &digest)).await, "second_person_required");
        // By a person in person there is nothing to ask.
        let wanted = assistant::LinkWish { workspace: W.into(), organization: O.into(), plan_digest: digest, message: None };
        assert!(assistant::request_link(&people.app, &people.person(ADA).await, &wanted).await.is_err());
    }

    async fn undoing_is_asked_of_a_linked_workspace_with_the_switch_on(world) {
        let world = world.with_company().await.with_undo_window(30 * 24 * HOUR).await;
        let ada = assistant(&world, ADA).await;
        world.link(ADA, W, O).await.unwrap();
        let plan = told(&world, &ada, "draft_undo", json!({ "workspace": W })).await;
        let undo = |digest: &Value| json!({ "workspace": W, "plan_digest": digest });
        let (locked, text) = refused(&world, &ada, "request_undo", undo(&plan["digest"])).await;
        assert!(locked == "feature_locked" && text.contains("organization_switch") && !text.contains("Link it"), "{text}");
        switch(&world, O, true).await;
        assert_eq!(code(&world, &ada, "request_undo", undo(&plan["digest"])).await, "plan_changed");
        let plan = told(&world, &ada, "draft_undo", json!({ "workspace": W })).await;
        let asked = told(&world, &ada, "request_undo", undo(&plan["digest"])).await;
        assert_eq!((&asked["act"], &asked["state"]), (&json!("undo"), &json!("open")));
        assert!(page(&world, ADA, "/me/assistants").await.contains(&format!("href=\"/workspaces/{W}/undo\"")));
        assert_eq!(happened(&world, EventType::WorkspaceUnlinked).await, 0);
        let form = format!("digest={}", plan["digest"].as_str().unwrap());
        let done = post(&world, ADA, &format!("/workspaces/{W}/undo"), &form).await;
        assert_eq!((done.status, happened(&world, EventType::WorkspaceUnlinked).await), (303, 1), "{}", done.text);
        assert_eq!(status(&world, &ada, &asked["id"]).await["state"], "confirmed");
        world.check_invariants().await;
    }

    async fn an_assistant_cannot_flood_its_person(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        let ada = assistant(&world, ADA).await;
        let lines: Vec<String> = (0..11)
            .map(|i| format!(
                "{{\"type\":\"workspace\",\"slug\":\"flood-{i}\",\"name\":\"Flood {i}\",\"kind\":\"team\",\"plan\":\"standard\"}}\n\
                 {{\"type\":\"user_group\",\"workspace\":\"flood-{i}\",\"slug\":\"administrators\",\"name\":\"A\",\"is_admin\":true,\"members\":[\"{ADA}\"]}}\n"
            ))
            .collect();
        world.import(&lines.concat()).await.unwrap();
        for i in 0..10 {
            let w = format!("flood-{i}");
            let digest = drafted(&world, &ada, &w).await;
            told(&world, &ada, "request_link", wish(&w, &digest)).await;
        }
        let digest = drafted(&world, &ada, "flood-10").await;
        assert_eq!(code(&world, &ada, "request_link", wish("flood-10", &digest)).await, "request_limit");
        let first = told(&world, &ada, "request_status", json!({})).await;
        assert_eq!((first["items"].as_array().unwrap().len(), &first["items"][0]["workspace"]), (10, &json!("flood-9")));
        // What an ended token had asked is still its person's to answer, and says so.
        let page = PageRequest::new(None, None).unwrap();
        assert_eq!(assistant::list_requests(&world.app, &world.person(ADA).await, &page).await.unwrap().items.len(), 10);
        let token = orglink_app::token::list_tokens(&world.app, &world.person(ADA).await).await.unwrap().remove(0);
        orglink_app::token::revoke_token(&world.app, &world.person(ADA).await, &token.id.to_string()).await.unwrap();
        let (cookie, _) = world.session(ADA).await;
        let list = world.send("GET", "/me/assistants", &[("cookie", &cookie)], "").await.text;
        assert!(list.contains("which you have ended since"), "{list}");
        world.check_invariants().await;
    }

    async fn the_same_asked_twice_at_once_is_one_request(world) {
        let world = world.with_company().await;
        switch(&world, O, true).await;
        let ada = assistant(&world, ADA).await;
        let digest = drafted(&world, &ada, W).await;
        let asks = (0..8).map(|_| told(&world, &ada, "request_link", wish(W, &digest)));
        let ids: std::collections::HashSet<String> =
            futures_util::future::join_all(asks).await.into_iter().map(|r| r["id"].to_string()).collect();
        assert_eq!((ids.len(), happened(&world, EventType::AssistantRequestCreated).await), (1, 1));
        told(&world, &ada, "draft_link", pair()).await;
        world.check_invariants().await;
    }
}
