//! Where people are managed once the users have migrated.

use orglink_app::Error;
use orglink_app::account::erase_account;
use orglink_app::link::{UndoRequest, undo_link};
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use serde_json::json;

use super::{ADA, BEN, GROUPS, HANA, LENA, MIA, W, code, codes, linked, members, migrated, plan, run};

const IVO: &str = "ivo@meridian.example";

fn group(slug: &str) -> String {
    format!("/workspaces/{W}/user-groups/{slug}")
}

async fn same(world: &TestApp, token: &str, slug: &str) {
    let of_directory = members(world, token, &format!("{GROUPS}/{slug}")).await;
    assert_eq!(of_directory, members(world, token, &group(slug)).await);
}

both! {
    async fn the_workspace_names_the_new_place(world) {
        let world = migrated(world).await;
        let (ada, hana, mia) = (world.token(ADA).await, world.token(HANA).await, world.token(MIA).await);
        let moved = |answer: orglink_testkit::Answer, slug: &str| {
            assert_eq!(code(&answer), (409, "moved_to_organization".into()), "{}", answer.text);
            let url = format!("http://orglink.test/organizations/meridian/directory/{slug}");
            assert!(answer.text.contains(&url), "{}", answer.text);
        };
        for who in [&hana, &ada] {
            moved(world.api(who, "PUT", &format!("{}/members/{MIA}", group("administrators")), None).await, "administrators");
            moved(world.change(who, "DELETE", &format!("{}/members/{MIA}", group("developers")), None).await, "developers");
            let invite = json!({ "emails": [LENA], "group": "developers" });
            moved(world.api(who, "POST", &format!("/workspaces/{W}/invitations"), Some(invite)).await, "developers");
            moved(world.change(who, "DELETE", &format!("/workspaces/{W}/members/{MIA}"), None).await, "developers");
        }
        moved(world.change(&mia, "DELETE", &format!("/workspaces/{W}/members/{MIA}"), None).await, "developers");
        let made = world.api(&hana, "POST", &format!("/workspaces/{W}/user-groups"), Some(json!({ "name": "New" }))).await;
        assert_eq!(code(&made), (409, "moved_to_organization".into()));
        // What a group may do is still said here; so is what is given on repositories.
        let changed = world.change(&hana, "PATCH", &group("developers"), Some(json!({ "repository_permission": "read" }))).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let grant = format!("/workspaces/{W}/repositories/gateway/groups/developers");
        let given = world.change(&hana, "PUT", &grant, Some(json!({ "permission": "admin" }))).await;
        assert!([200, 204].contains(&given.status), "{}", given.text);
        world.check_invariants().await;
    }

    async fn the_directory_says_who_is_in_them(world) {
        let world = migrated(world).await;
        let (ada, ben, hana) = (world.token(ADA).await, world.token(BEN).await, world.token(HANA).await);
        let developers = format!("{GROUPS}/developers");
        let before = world.api(&hana, "GET", &format!("/workspaces/{W}"), None).await.etag;
        // Ben administers the organization, and is nothing to the workspace.
        assert_eq!(world.api(&ben, "PUT", &format!("{developers}/members/{HANA}"), None).await.status, 204);
        same(&world, &ada, "developers").await;
        assert_ne!(world.api(&hana, "GET", &format!("/workspaces/{W}"), None).await.etag, before, "the workspace has a new version");
        assert_eq!(world.change(&ben, "DELETE", &format!("{developers}/members/{MIA}"), None).await.status, 204);
        same(&world, &ada, "developers").await;
        assert_eq!(world.api(&world.token(MIA).await, "GET", &format!("/workspaces/{W}"), None).await.status, 404);
        // Both logs say so, each to its own.
        world.events().await;
        let told = world.api(&hana, "GET", &format!("/workspaces/{W}/events?limit=5"), None).await.text;
        assert!(told.contains("took Mia Rossi out of developers"), "{told}");
        let told = world.api(&ben, "GET", "/organizations/meridian/events?limit=5", None).await.text;
        assert!(told.contains("took Mia Rossi out of developers of the directory"), "{told}");
        // The last admin of the workspace stays.
        let admins = format!("{GROUPS}/administrators");
        assert_eq!(world.change(&ben, "DELETE", &format!("{admins}/members/{HANA}"), None).await.status, 204);
        let last = world.change(&ben, "DELETE", &format!("{admins}/members/{ADA}"), None).await;
        assert_eq!(code(&last), (409, "last_admin".into()));
        assert_eq!(members(&world, &ada, &admins).await, [ADA]);
        assert_eq!(code(&world.change(&ben, "DELETE", &admins, None).await), (409, "directory_group_in_use".into()));
        // A group of the directory comes into the workspace, and may do nothing until its admins say so.
        world.api(&ben, "POST", GROUPS, Some(json!({ "name": "Guests" }))).await;
        world.api(&ben, "PUT", &format!("{GROUPS}/guests/members/{MIA}"), None).await;
        let attach = async |who: &str, workspace: &str| world.api(who, "PUT", &format!("{GROUPS}/guests/workspaces/{workspace}"), None).await;
        assert_eq!(attach(&hana, W).await.status, 404);
        assert_eq!(attach(&ben, "harbor-ops").await.status, 404);
        assert_eq!(attach(&ben, W).await.status, 204);
        assert_eq!(code(&attach(&ben, W).await), (409, "slug_taken".into()));
        same(&world, &ada, "guests").await;
        let shown = world.api(&ada, "GET", &group("guests"), None).await.json();
        assert_eq!((shown["is_admin"].as_bool(), shown["repository_permission"].as_str()), (Some(false), Some("none")));
        // Deleted in the workspace, it is free to be deleted.
        assert_eq!(world.change(&ada, "DELETE", &group("guests"), None).await.status, 204);
        assert_eq!(world.change(&ben, "DELETE", &format!("{GROUPS}/guests"), None).await.status, 204);
        world.check_invariants().await;
    }

    async fn invitations_that_were_pending_lead_into_the_directory(world) {
        let world = linked(world).await;
        let (ada, hana, lena) = (world.token(ADA).await, world.token(HANA).await, world.token(LENA).await);
        let invite = json!({ "emails": [LENA], "group": "developers" });
        let sent = world.api(&hana, "POST", &format!("/workspaces/{W}/invitations"), Some(invite)).await.json();
        let planned = plan(&world, &ada, W, json!({})).await.json();
        assert!(codes(&planned["findings"]).contains(&"pending_invitation"), "{planned}");
        assert_eq!(run(&world, &ada, W, json!({})).await.status, 201);
        let id = sent["items"][0]["id"].as_str().unwrap();
        let accepted = world.api(&lena, "POST", &format!("/invitations/{id}/accept"), Some(json!({}))).await;
        assert_eq!(accepted.status, 200, "{}", accepted.text);
        assert!(members(&world, &ada, &format!("{GROUPS}/developers")).await.contains(&LENA.to_owned()));
        same(&world, &ada, "developers").await;
        world.check_invariants().await;
    }

    async fn the_link_stays_and_people_may_leave_for_good(world) {
        let world = world.with_undo_window(30 * 24 * 3600).await;
        let world = migrated(world).await;
        let ada = world.person(ADA).await;
        match undo_link(&world.app, &ada, W, &UndoRequest::default()).await {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.code, "users_migrated"),
            other => panic!("{other:?}"),
        }
        let mia = world.person(MIA).await;
        erase_account(&world.app, &mia, MIA).await.unwrap();
        let token = world.token(ADA).await;
        assert!(!members(&world, &token, &format!("{GROUPS}/developers")).await.contains(&MIA.to_owned()));
        same(&world, &token, "developers").await;
        // An import says what groups may do, and no longer who is in them.
        let line = r#"{"type":"user_group","workspace":"atlas-platform","slug":"developers","name":"Developers","is_admin":false,"repository_permission":"admin","members":["lena@harbor.example"]}"#;
        world.import(line).await.unwrap();
        same(&world, &token, "developers").await;
        assert!(members(&world, &token, &group("developers")).await.contains(&IVO.to_owned()));
        // Nor makes it a group beside the directory.
        let line = r#"{"type":"user_group","workspace":"atlas-platform","slug":"aside","name":"Aside","is_admin":true,"members":["lena@harbor.example"]}"#;
        match world.import(line).await {
            Err(Error::BadInput(errors)) => assert!(errors[0].detail.contains("have migrated"), "{errors:?}"),
            other => panic!("{other:?}"),
        }
        world.check_invariants().await;
    }

    async fn merged_groups_are_the_same_people_everywhere(world) {
        let world = migrated(world).await;
        let ada = world.token(ADA).await;
        world.link(ADA, "atlas-mobile", "meridian").await.unwrap();
        // The same people in both: merged when somebody says so.
        let there = members(&world, &ada, &group("administrators")).await;
        let mapping = json!({ "administrators": { "merge": "administrators" } });
        let planned = plan(&world, &ada, "atlas-mobile", mapping.clone()).await.json();
        assert_eq!(codes(&planned["blockers"]), ["would_widen"], "Hana administers one of them only: {there:?}");
        assert_eq!(planned["proof"]["places"], 2);
        assert_eq!(world.change(&ada, "DELETE", &format!("{GROUPS}/administrators/members/{HANA}"), None).await.status, 204);
        let done = run(&world, &ada, "atlas-mobile", mapping).await;
        assert_eq!(done.status, 201, "{}", done.text);
        let one = world.api(&ada, "GET", &format!("{GROUPS}/administrators"), None).await.json();
        assert_eq!(one["attached"], 2);
        // From then on a change is one in both, each with its own event.
        let events = world.events().await.len();
        assert_eq!(world.api(&ada, "PUT", &format!("{GROUPS}/administrators/members/{BEN}"), None).await.status, 204);
        let new: Vec<EventType> = world.events().await.into_iter().skip(events).map(|e| e.kind).collect();
        assert_eq!(new.iter().filter(|k| **k == EventType::WorkspaceChanged).count(), 2, "{new:?}");
        for workspace in [W, "atlas-mobile"] {
            let path = format!("/workspaces/{workspace}/user-groups/administrators");
            assert_eq!(members(&world, &ada, &path).await, [ADA, BEN]);
        }
        world.check_invariants().await;
    }
}
