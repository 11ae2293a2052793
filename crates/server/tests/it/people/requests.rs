//! Access requests: asked by name, answered once, with a reason for a no.

use std::sync::Arc;

use orglink_app::access_request::{self, Ask, approve_request, ask_for_access, decline_request};
use orglink_app::{PageRequest, organization};
use orglink_domain::access_request::AskedKind;
use orglink_domain::event::EventType;
use orglink_testkit::both;
use serde_json::json;
use tokio::task::JoinSet;

use super::{ADA, BEN, DAY, LENA, code, count, form, groups_of};

both! {
    async fn a_request_is_answered_once_and_grants_exactly_what_was_asked(world) {
        let world = Arc::new(world.with_company().await);
        let ask = |named: &str| Ask { kind: AskedKind::Organization, named: named.to_owned(), message: Some("Hello\r\nBcc: x@y.example".to_owned()), return_to: Some("/link?workspace=night-shift".to_owned()) };
        let noor = world.person("noor@meridian.example").await;
        let vera = world.person("vera@meridian.example").await;
        assert_eq!(code(&ask_for_access(&world.app, &vera, &ask("meridian"), None).await.unwrap_err()), "not_allowed", "her address is not verified");
        assert_eq!(code(&ask_for_access(&world.app, &world.person(ADA).await, &ask("meridian"), None).await.unwrap_err()), "already_admin");
        assert_eq!(code(&ask_for_access(&world.app, &noor, &ask("../x"), None).await.unwrap_err()), "bad_input");
        let id = ask_for_access(&world.app, &noor, &ask("Meridian"), Some("k")).await.unwrap().answer.to_string();
        assert_eq!(ask_for_access(&world.app, &noor, &ask("Meridian"), Some("k")).await.unwrap().answer.to_string(), id);
        for other in ["mia@meridian.example", LENA, "noor@meridian.example", "cleo@meridian.example"] {
            let who = world.person(other).await;
            assert_eq!(code(&approve_request(&world.app, &who, &id, None).await.unwrap_err()), "not_found", "{other}");
            assert_eq!(code(&decline_request(&world.app, &who, &id, "no").await.unwrap_err()), "not_found", "{other}");
            assert_eq!(code(&decline_request(&world.app, &who, &id, "").await.unwrap_err()), "not_found", "{other}");
        }
        assert_eq!(code(&access_request::withdraw_request(&world.app, &world.person(ADA).await, &id).await.unwrap_err()), "not_found");
        let told = crate::notify::inbox(&world, BEN).await;
        assert!(told.iter().any(|e| e.subject.contains("Noor Haddad asks to be organization admin")), "{:?}", told.iter().map(|e| &e.subject).collect::<Vec<_>>());
        let mut set = JoinSet::new();
        for i in 0..12 {
            let (world, id) = (Arc::clone(&world), id.clone());
            set.spawn(async move {
                let who = world.person(if i % 2 == 0 { ADA } else { BEN }).await;
                if i == 5 {
                    return decline_request(&world.app, &who, &id, "no").await.map_or_else(|e| code(&e), |_| "declined");
                }
                approve_request(&world.app, &who, &id, None).await.map_or_else(|e| code(&e), |_| "approved")
            });
        }
        let mut outcomes = set.join_all().await;
        outcomes.retain(|o| *o != "request_not_open");
        assert_eq!(outcomes.len(), 1, "{outcomes:?}");
        let approved = usize::from(outcomes[0] == "approved");
        assert_eq!(count(&world, EventType::AccessRequestApproved).await, approved);
        let people = organization::list_people(&world.app, &world.person(ADA).await, "meridian").await.unwrap();
        let roles: Vec<_> = people.iter().filter(|p| p.account.email == "noor@meridian.example").map(|p| p.role.as_str()).collect();
        assert_eq!(roles, if approved == 1 { vec!["admin"] } else { vec![] });
        if approved == 1 {
            let told = crate::notify::inbox(&world, "noor@meridian.example").await;
            assert!(told.iter().any(|e| e.action.1 == "/link?workspace=night-shift"), "she goes on where she was");
        }
        world.check_invariants().await;
    }

    async fn nobody_who_is_suspended_becomes_an_admin_by_an_old_request(world) {
        let world = world.with_company().await;
        let token = world.token("noor@meridian.example").await;
        let asked = world.api(&token, "POST", "/access-requests", Some(json!({ "organization": "meridian" }))).await.json();
        let operator = orglink_app::Principal::local_operator();
        orglink_app::account::suspend_account(&world.app, &operator, "noor@meridian.example", "lost laptop").await.unwrap();
        let ada = world.token("ada@meridian.example").await;
        let path = format!("/access-requests/{}/approve", asked["id"].as_str().unwrap());
        let refused = world.api(&ada, "POST", &path, Some(json!({}))).await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("asker_suspended")), "{}", refused.text);
        orglink_app::account::restore_account(&world.app, &operator, "noor@meridian.example").await.unwrap();
        assert_eq!(world.api(&ada, "POST", &path, Some(json!({}))).await.status, 200);
    }

    async fn a_workspace_is_asked_by_name_and_a_no_has_a_reason(world) {
        let world = world.with_company().await;
        let ben = world.person(BEN).await;
        let ask = |named: &str| Ask { kind: AskedKind::Workspace, named: named.to_owned(), message: None, return_to: None };
        let id = ask_for_access(&world.app, &ben, &ask("night-shift"), None).await.unwrap().answer.to_string();
        let noor = world.person("noor@meridian.example").await;
        assert_eq!(code(&decline_request(&world.app, &noor, &id, "  ").await.unwrap_err()), "bad_input");
        assert_eq!(code(&approve_request(&world.app, &noor, &id, Some("developers")).await.unwrap_err()), "bad_input", "only a group that administers");
        approve_request(&world.app, &noor, &id, None).await.unwrap();
        assert_eq!(groups_of(&world, "night-shift", BEN).await, ["administrators"]);
        let nothing = ask_for_access(&world.app, &ben, &ask("no-such-place"), None).await.unwrap().answer.to_string();
        let mine = access_request::list_my_requests(&world.app, &ben, None, &PageRequest::new(None, None).unwrap()).await.unwrap();
        assert_eq!(mine.items.iter().map(|v| v.state.as_str()).collect::<Vec<_>>(), ["open", "approved"]);
        access_request::withdraw_request(&world.app, &ben, &nothing).await.unwrap();
        let other = ask_for_access(&world.app, &ben, &ask("harbor-ops"), None).await.unwrap().answer.to_string();
        decline_request(&world.app, &world.person(LENA).await, &other, "Ask me in person").await.unwrap();
        let told = crate::notify::inbox(&world, BEN).await;
        let no = told.iter().find(|e| e.subject.contains("declined")).unwrap();
        assert!(!format!("{no:?}").contains("Harbor Operations"), "the name stays unknown: {no:?}");
        world.clock.advance(31 * DAY);
        let late = ask_for_access(&world.app, &ben, &ask("harbor-ops"), None).await.unwrap().answer.to_string();
        world.clock.advance(30 * DAY + 1);
        assert_eq!(code(&approve_request(&world.app, &world.person(LENA).await, &late, None).await.unwrap_err()), "request_not_open");
        // Ten open ones are enough.
        for i in 0..10 {
            ask_for_access(&world.app, &ben, &ask(&format!("place-{i}")), None).await.unwrap();
        }
        assert_eq!(code(&ask_for_access(&world.app, &ben, &ask("place-x"), None).await.unwrap_err()), "request_limit");
        world.check_invariants().await;
    }

    async fn an_admin_chooses_the_group_on_the_page(world) {
        let world = world.with_company().await;
        let ben = world.person(BEN).await;
        let ask = |named: &str| Ask { kind: AskedKind::Workspace, named: named.to_owned(), message: None, return_to: None };
        let id = ask_for_access(&world.app, &ben, &ask("night-shift"), None).await.unwrap().answer.to_string();
        let noor = world.session("noor@meridian.example").await;
        let page = async || world.send("GET", "/workspaces/night-shift/requests", &[("cookie", &noor.0)], "").await.text;
        let one = page().await;
        assert!(one.contains("Approving adds them to Administrators") && !one.contains("name=\"group\""), "{one}");
        world.import(r#"{"type":"user_group","workspace":"night-shift","slug":"owners","name":"Owners","is_admin":true,"members":["noor@meridian.example"]}"#).await.unwrap();
        let two = page().await;
        assert!(two.contains("name=\"group\"") && two.contains("value=\"owners\""), "{two}");
        let no = form(&world, Some("noor@meridian.example"), &format!("/requests/{id}/approve"), "group=developers").await;
        assert_eq!(no.status, 400, "{}", no.text);
        let yes = form(&world, Some("noor@meridian.example"), &format!("/requests/{id}/approve"), "group=owners").await;
        assert_eq!(yes.status, 303, "{}", yes.text);
        assert_eq!(groups_of(&world, "night-shift", BEN).await, ["owners"]);
        world.check_invariants().await;
    }
}
