//! Telling people: each once, whoever tells; what they prefer; what they cannot switch off.

use orglink_app::inbox::{Entry, change_preference, list_notifications};
use orglink_app::{Expected, PageRequest, notify, upkeep, user_group};
use orglink_domain::notice::NoticeKind;
use orglink_testkit::{TestApp, both};

/// What is told of everything so far.
async fn tell(world: &TestApp) {
    world.tell().await;
}

pub async fn inbox(world: &TestApp, email: &str) -> Vec<Entry> {
    tell(world).await;
    let page = PageRequest::new(None, Some(500)).unwrap();
    list_notifications(&world.app, &world.person(email).await, false, &page).await.unwrap().page.items
}

pub async fn subjects(world: &TestApp, email: &str) -> Vec<String> {
    inbox(world, email).await.into_iter().map(|e| e.subject).collect()
}

/// Whom mails wait for, by template.
async fn mails(world: &TestApp, template: &str) -> usize {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let all = orglink_store::mail::list(&mut tx, None, 500, None).await.unwrap();
    all.iter().filter(|m| m.content.starts_with(&format!("{{\"template\":\"{template}\""))).count()
}

both! {
    async fn an_import_tells_nobody_and_a_link_tells_the_admins_of_both_sides_once(world) {
        let world = world.with_company().await;
        assert!(inbox(&world, "ada@meridian.example").await.is_empty());
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        let ada = inbox(&world, "ada@meridian.example").await;
        assert_eq!(ada.len(), 1, "who administers both sides hears once");
        assert!(ada[0].subject.contains("was linked to Meridian"), "{}", ada[0].subject);
        assert!(ada[0].paragraphs[0].starts_with("Ada"), "{:?}", ada[0].paragraphs);
        assert_eq!(subjects(&world, "ben@meridian.example").await.len(), 1, "another admin of the organization");
        assert!(subjects(&world, "mia@meridian.example").await.is_empty(), "a member hears nothing");
        let told = mails(&world, "workspace_linked").await;
        assert!(told >= 2, "{told}");
        tell(&world).await;
        assert_eq!(mails(&world, "workspace_linked").await, told);
        world.check_invariants().await;
    }

    async fn several_who_tell_at_once_tell_each_once(world) {
        let world = world.with_company().await;
        tell(&world).await;
        for slug in ["atlas-platform", "docs-site"] {
            world.link("ada@meridian.example", slug, "meridian").await.unwrap();
        }
        upkeep::sequence_all(&world.app).await.unwrap();
        let tellers = (0..6).map(|_| {
            let app = std::sync::Arc::clone(&world.app);
            tokio::spawn(async move { notify::notify_all(&app).await.unwrap() })
        });
        for teller in tellers.collect::<Vec<_>>() {
            teller.await.unwrap();
        }
        assert_eq!(inbox(&world, "ada@meridian.example").await.len(), 2);
    }

    async fn whoever_becomes_an_admin_or_stops_being_one_is_told_with_the_others(world) {
        let world = world.with_company().await;
        tell(&world).await;
        let (ada, w) = (world.person("ada@meridian.example").await, "atlas-platform");
        let groups = world.api(&world.token("ada@meridian.example").await, "GET", &format!("/workspaces/{w}/user-groups"), None).await;
        let admins = groups.json()["items"].as_array().unwrap().iter().find(|g| g["is_admin"] == true).unwrap()["slug"].as_str().unwrap().to_owned();
        let who = ["mia@meridian.example".to_owned()];
        user_group::add_members(&world.app, &ada, (w, &admins), &who).await.unwrap();
        assert!(subjects(&world, "mia@meridian.example").await[0].starts_with("You are workspace admin of"));
        assert!(subjects(&world, "ada@meridian.example").await.is_empty(), "she did it");
        user_group::remove_member(&world.app, &ada, (w, &admins), &who[0], Expected::Any).await.unwrap();
        assert!(subjects(&world, "mia@meridian.example").await[0].starts_with("You are no longer workspace admin of"));
    }

    async fn an_obligation_cannot_be_switched_off_and_anything_else_can(world) {
        let world = world.with_company().await;
        let ada = world.person("ada@meridian.example").await;
        for kind in NoticeKind::ALL {
            let changed = change_preference(&world.app, &ada, *kind, false).await;
            assert_eq!(changed.is_err(), kind.obligation().is_some(), "{kind}");
        }
    }

    async fn an_inbox_is_its_owner_s_and_is_read_by_api(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        tell(&world).await;
        let (ada, ben) = (world.token("ada@meridian.example").await, world.token("ben@meridian.example").await);
        let all = world.api(&ada, "GET", "/notifications?unread=true&limit=1", None).await.json();
        assert_eq!((&all["unread"], all["items"].as_array().unwrap().len()), (&2.into(), 1));
        let entry = &all["items"][0];
        assert_eq!(entry["url"], "http://orglink.test/workspaces/docs-site");
        let path = format!("/notifications/{}", entry["id"].as_str().unwrap());
        let read = || Some(serde_json::json!({ "is_read": true }));
        assert_eq!(world.api(&ben, "PATCH", &path, read()).await.status, 404, "another's is not there");
        assert_eq!(world.api(&ada, "PATCH", &path, read()).await.status, 204);
        // The unread first, then the rest, on whichever page.
        let first = world.api(&ada, "GET", "/notifications?limit=1", None).await.json();
        assert_eq!((&first["unread"], first["items"][0]["read_at"].is_null()), (&1.into(), true));
        let next = first["next"].as_str().unwrap();
        let second = world.api(&ada, "GET", &format!("/notifications?limit=1&cursor={next}"), None).await.json();
        assert_eq!((&second["items"][0]["id"], &second["next"]), (&entry["id"], &serde_json::Value::Null));
        let up_to = serde_json::json!({ "up_to": entry["id"] });
        assert_eq!(world.api(&ada, "POST", "/notifications/read-all", Some(up_to)).await.json()["read"], 1);
        let off = || Some(serde_json::json!({ "by_mail": false }));
        let link = world.api(&ada, "PUT", "/me/notification-preferences/link", off()).await;
        assert_eq!((link.status, &link.json()["code"]), (409, &"obligation".into()));
        assert_eq!(world.api(&ada, "PUT", "/me/notification-preferences/eligibility", off()).await.status, 204);
        assert_eq!(world.api(&ada, "PUT", "/me/notification-preferences/nonsense", off()).await.status, 400);
    }

    async fn many_that_change_at_once_are_one_message(world) {
        let world = world.with_company().await;
        let lines = |holds: &str| (0..6).map(|n| format!(
            "{{\"type\":\"workspace\",\"slug\":\"many-{n}\",\"name\":\"Many {n}\",\"plan\":\"standard\",\"holds\":{holds}}}\n{{\"type\":\"user_group\",\"workspace\":\"many-{n}\",\"slug\":\"a\",\"name\":\"A\",\"is_admin\":true,\"members\":[\"gus@solo.example\"]}}\n"
        )).collect::<Vec<_>>().concat();
        world.import(&lines("[\"legal\"]")).await.unwrap();
        assert!(inbox(&world, "gus@solo.example").await.is_empty(), "what was made tells nobody");
        world.import(&lines("[]")).await.unwrap();
        assert_eq!(subjects(&world, "gus@solo.example").await, ["6 workspaces can be linked now"]);
    }
}
