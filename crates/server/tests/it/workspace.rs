//! What a workspace's own admins change: groups, members, repositories, plan, kind; and its deletion.

use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const ATLAS: &str = "/workspaces/atlas-platform";

async fn codes(world: &TestApp, token: &str, workspace: &str) -> Vec<String> {
    let view = world.api(token, "GET", &format!("/workspaces/{workspace}"), None).await.json();
    view["eligibility"]["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn a_group_is_made_changed_and_deleted(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let groups = format!("{ATLAS}/user-groups");
        let made = world.api(&ada, "POST", &groups, Some(json!({ "name": "Release Crew", "repository_permission": "read" }))).await;
        assert_eq!((made.status, made.json()["slug"].as_str()), (201, Some("release-crew")), "{}", made.text);
        let again = world.api(&ada, "POST", &groups, Some(json!({ "name": "x", "slug": "Release-Crew" }))).await;
        assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("slug_taken")));
        let crew = format!("{groups}/release-crew");
        assert_eq!(world.change_if(&ada, "PATCH", &crew, Some(json!({ "name": "Crew" })), "").await.status, 428);
        assert_eq!(world.change_if(&ada, "PATCH", &crew, Some(json!({ "name": "Crew" })), "\"1\"").await.status, 412);
        assert_eq!(world.change_if(&ada, "PATCH", &crew, Some(json!({ "name": "Crew" })), "W/x").await.status, 400);
        let changed = world.change_if(&ada, "PATCH", &crew, Some(json!({ "name": "Crew", "is_default": true })), &made.etag).await;
        assert_eq!((changed.status, changed.json()["is_default"].as_bool()), (200, Some(true)), "{}", changed.text);
        let developers = world.api(&ada, "GET", &format!("{groups}/developers"), None).await.json();
        assert_eq!(developers["is_default"], json!(false), "one default only");
        for bad in [json!({ "name": "" }), json!({ "repository_permission": "root" }), json!({ "workspace_permissions": ["a b"] }), json!({ "nope": 1 })] {
            assert_eq!(world.change(&ada, "PATCH", &crew, Some(bad.clone())).await.status, 400, "{bad}");
        }
        assert_eq!(world.change(&ada, "DELETE", &crew, None).await.status, 204);
        assert_eq!(world.change(&ada, "DELETE", &crew, None).await.status, 404);
        let kinds: Vec<String> = world.events().await.iter().filter(|e| e.kind == EventType::WorkspaceChanged)
            .map(|e| e.payload.as_ref().unwrap()["changes"][0]["change"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds, ["user_group_created", "user_group_changed", "user_group_deleted"]);
        world.check_invariants().await;
    }

    async fn only_members_are_added_and_strangers_are_all_alike(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let members = format!("{ATLAS}/user-groups/administrators/members");
        assert_eq!(world.api(&ada, "PUT", &format!("{members}/ivo@meridian.example"), None).await.status, 204);
        let before = world.api(&ada, "GET", ATLAS, None).await.etag;
        assert_eq!(world.api(&ada, "PUT", &format!("{members}/ivo@meridian.example"), None).await.status, 204);
        let known = world.api(&ada, "PUT", &format!("{members}/lena@harbor.example"), None).await;
        let unknown = world.api(&ada, "PUT", &format!("{members}/nobody@harbor.example"), None).await;
        assert_eq!((known.status, known.json()["code"].as_str()), (409, Some("not_a_member")));
        assert_eq!(known.said("lena@", "nobody@"), unknown.said("nobody@", "nobody@"), "nobody learns who has an account");
        let contact = json!({ "billing_contacts": ["lena@harbor.example"] });
        assert_eq!(world.change(&ada, "PATCH", ATLAS, Some(contact)).await.status, 400);
        assert_eq!(world.api(&ada, "GET", ATLAS, None).await.etag, before, "what changes nothing raises no version");
        world.check_invariants().await;
    }

    async fn somebody_always_administers(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let admins = format!("{ATLAS}/user-groups/administrators");
        assert_eq!(world.change(&ada, "DELETE", &format!("{admins}/members/hana@meridian.example"), None).await.status, 204);
        for (method, path, body) in [
            ("DELETE", format!("{admins}/members/{ADA}"), None),
            ("DELETE", format!("{ATLAS}/members/{ADA}"), None),
            ("DELETE", admins.clone(), None),
            ("PATCH", admins.clone(), Some(json!({ "is_admin": false }))),
        ] {
            let no = world.change(&ada, method, &path, body).await;
            assert_eq!((no.status, no.json()["code"].as_str()), (409, Some("last_admin")), "{method} {path}");
        }
        // Ivo may leave; then he is nobody here.
        let ivo = world.token("ivo@meridian.example").await;
        assert_eq!(world.change(&ivo, "DELETE", &format!("{ATLAS}/members/mia@meridian.example"), None).await.status, 403);
        assert_eq!(world.change(&ivo, "DELETE", &format!("{ATLAS}/members/IVO@meridian.example"), None).await.status, 204);
        assert_eq!(world.api(&ivo, "GET", ATLAS, None).await.status, 404);
        world.check_invariants().await;
    }

    async fn who_can_do_what_names_every_way(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let ledger = format!("{ATLAS}/repositories/ledger");
        assert_eq!(world.change(&ada, "PUT", &format!("{ledger}/members/mia@meridian.example"), Some(json!({ "permission": "admin" }))).await.status, 204);
        assert_eq!(world.change(&ada, "PUT", &format!("{ledger}/groups/developers"), Some(json!({ "permission": "none" }))).await.status, 204);
        let access = world.api(&ada, "GET", &format!("{ledger}/access"), None).await.json();
        let of = |email: &str| access["people"]["items"].as_array().unwrap().iter().find(|p| p["account"]["email"] == email).unwrap().clone();
        assert_eq!(of(ADA)["through"], json!([{ "kind": "admin_group", "group": "administrators", "permission": "admin" }]));
        assert_eq!(of("mia@meridian.example")["through"], json!([{ "kind": "direct_grant", "group": null, "permission": "admin" }]));
        assert_eq!(of("ivo@meridian.example")["permission"], "none");
        assert_eq!(world.change(&ada, "DELETE", &format!("{ledger}/groups/developers"), None).await.status, 204);
        let access = world.api(&ada, "GET", &format!("{ledger}/access?q=ivo"), None).await.json();
        assert_eq!(access["people"]["items"][0]["through"][0]["kind"], "group_default");
        for (path, status) in [("members/lena@harbor.example", 404), ("groups/no-such", 404)] {
            assert_eq!(world.change(&ada, "PUT", &format!("{ledger}/{path}"), Some(json!({ "permission": "read" }))).await.status, status);
        }
        let harbor = world.change(&ada, "PUT", &format!("{ATLAS}/repositories/cranes/groups/developers"), Some(json!({ "permission": "read" }))).await;
        assert_eq!(harbor.status, 404, "another workspace's repository is not here");
        let members = world.api(&ada, "GET", &format!("{ATLAS}/members?q=MIA"), None).await.json();
        assert_eq!((members["items"].as_array().unwrap().len(), &members["items"][0]["direct_grants"]), (1, &json!(1)));
        let wild = world.api(&ada, "GET", &format!("{ATLAS}/members?q=%25"), None).await.json();
        assert_eq!(wild["items"].as_array().unwrap().len(), 0, "a percent sign is a percent sign");
        world.check_invariants().await;
    }

    async fn plan_and_kind_change_what_stands_in_the_way(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        assert_eq!(codes(&world, &ada, "ada-brandt").await, ["personal_workspace", "free_plan"]);
        assert_eq!(world.change(&ada, "POST", "/workspaces/ada-brandt/convert", None).await.status, 200);
        assert_eq!(world.change(&ada, "POST", "/workspaces/ada-brandt/convert", None).await.json()["code"], "already_team");
        assert_eq!(codes(&world, &ada, "ada-brandt").await, ["free_plan"]);
        let changed = world.change(&ada, "PATCH", "/workspaces/ada-brandt", Some(json!({ "plan": "standard", "billing_cycle": "annual", "name": "Ada & Co" }))).await;
        assert_eq!((changed.status, changed.json()["plan"].as_str()), (200, Some("standard")), "{}", changed.text);
        assert_eq!(codes(&world, &ada, "ada-brandt").await, Vec::<String>::new());
        let plan = world.api(&ada, "POST", "/link-plans", Some(json!({ "workspace": "ada-brandt", "organization": "meridian" }))).await.json();
        let digest = plan["plan"]["digest"].as_str().unwrap();
        world.change(&ada, "PATCH", "/workspaces/ada-brandt", Some(json!({ "plan": "premium" }))).await;
        let no = world.api(&ada, "POST", "/links", Some(json!({ "workspace": "ada-brandt", "organization": "meridian", "plan_digest": digest, "acknowledge_all": true }))).await;
        assert_eq!(no.json()["code"], "plan_changed", "{}", no.text);
        world.check_invariants().await;
    }

    async fn a_deleted_workspace_is_gone_and_its_place_is_free(world) {
        let world = world.with_company().await;
        let lena = world.token("lena@harbor.example").await;
        world.link("lena@harbor.example", "harbor-ops", "harbor").await.unwrap();
        let preview = world.api(&lena, "GET", "/workspaces/harbor-ops/deletion", None).await;
        assert_eq!((preview.json()["ends_link"].as_bool(), preview.json()["repositories"].as_i64()), (Some(true), Some(1)), "{}", preview.text);
        assert_eq!(world.change_if(&lena, "DELETE", "/workspaces/harbor-ops", None, "").await.status, 428);
        let id = world.api(&lena, "GET", "/workspaces/harbor-ops", None).await.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(world.change_if(&lena, "DELETE", "/workspaces/harbor-ops", None, &preview.etag).await.status, 204);
        for reference in ["harbor-ops", id.as_str()] {
            assert_eq!(world.api(&lena, "GET", &format!("/workspaces/{reference}"), None).await.status, 404);
        }
        let apps = world.api(&lena, "GET", "/organizations/harbor/apps", None).await;
        assert!(!apps.text.contains("harbor-ops"), "{}", apps.text);
        assert!(!world.export().await.iter().any(|line| line.contains("harbor-ops")));
        let kinds: Vec<EventType> = world.events().await.iter().rev().take(2).map(|e| e.kind).collect();
        assert_eq!(kinds, [EventType::WorkspaceDeleted, EventType::WorkspaceUnlinked]);
        orglink_app::upkeep::check_access(&world.app).await.unwrap();
        // The slug and the one place in the quota are free again.
        world.import(r#"{"type":"workspace","slug":"harbor-ops","name":"Harbor Again","plan":"standard"}
{"type":"user_group","workspace":"harbor-ops","slug":"administrators","name":"A","is_admin":true,"members":["lena@harbor.example"]}"#).await.unwrap();
        world.link("lena@harbor.example", "harbor-ops", "harbor").await.unwrap();
        world.check_invariants().await;
    }

    async fn a_hold_keeps_a_workspace(world) {
        let world = world.with_company().await;
        world.import(r#"{"type":"workspace","slug":"docs-site","name":"Docs Site","holds":["legal"]}"#).await.unwrap();
        let ada = world.token(ADA).await;
        let no = world.change(&ada, "DELETE", "/workspaces/docs-site", None).await;
        assert_eq!((no.status, no.json()["reasons"][0]["code"].as_str()), (409, Some("legal_hold")));
        assert_eq!(world.api(&ada, "GET", "/workspaces/docs-site", None).await.status, 200);
    }

    async fn of_two_at_once_with_the_same_version_one_wins(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let etag = world.api(&ada, "GET", ATLAS, None).await.etag;
        let rename = |name: &'static str| world.change_if(&ada, "PATCH", ATLAS, Some(json!({ "name": name })), &etag);
        let (one, two) = tokio::join!(rename("One"), rename("Two"));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", one.text, two.text);
        // Taking out the two admins at once leaves one of them.
        let members = format!("{ATLAS}/members");
        let (first, second) = (format!("{members}/{ADA}"), format!("{members}/hana@meridian.example"));
        let hana = world.token("hana@meridian.example").await;
        let (one, two) = tokio::join!(world.change(&ada, "DELETE", &first, None), world.change(&hana, "DELETE", &second, None));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "{} {}", one.text, two.text);
        world.check_invariants().await;
    }

    async fn every_edit_works_with_forms_only(world) {
        let world = world.with_company().await;
        let (cookie, token) = world.session(ADA).await;
        let post = async |path: &str, fields: &str| {
            let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
            let page = world.send("GET", &path.replace("/remove", "").replace("/invite", "").replace("/leave", "/settings"), &headers, "").await;
            let version = page.text.split("name=\"version\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default().to_owned();
            world.send("POST", path, &headers, &format!("form_token={token}&version={version}&{fields}")).await
        };
        for (path, fields) in [
            ("/workspaces/atlas-platform/settings", "name=Atlas&billing_contacts=mia%40meridian.example"),
            ("/workspaces/atlas-platform/user-groups", "name=Night+Shift&repository_permission=read"),
            ("/workspaces/atlas-platform/user-groups/night-shift", "name=Nights&repository_permission=write&is_default=yes"),
            ("/workspaces/atlas-platform/user-groups/night-shift/invite", "emails=ivo%40meridian.example+mia%40meridian.example"),
            ("/workspaces/atlas-platform/user-groups/night-shift/remove", "account=mia%40meridian.example"),
            ("/workspaces/atlas-platform/user-groups/night-shift/delete", ""),
            ("/workspaces/atlas-platform/repositories/ledger", "group=developers&permission=read"),
            ("/workspaces/atlas-platform/repositories/ledger", "account=ivo%40meridian.example&permission="),
            ("/workspaces/atlas-platform/members/remove", "account=yan%40meridian.example"),
            ("/workspaces/atlas-platform/plan", "plan=standard&billing_cycle=annual"),
            ("/workspaces/ada-brandt/convert", ""),
            ("/workspaces/hackdays/delete", "confirm=HackDays"),
        ] {
            let page = path.replace("/delete", if path.contains("night") { "" } else { "/delete" });
            let version_page = if path.ends_with("/plan") { "/workspaces/atlas-platform/plan/change?plan=standard&billing_cycle=annual".to_owned() } else { page };
            let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
            let shown = world.send("GET", &version_page.replace("/remove", "").replace("/invite", ""), &headers, "").await;
            assert_eq!(shown.status, 200, "{version_page}: {}", shown.text);
            let version = shown.text.split("name=\"version\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default();
            let sent = world.send("POST", path, &headers, &format!("form_token={token}&version={version}&{fields}")).await;
            assert_eq!(sent.status, 303, "{path} {fields}: {}", sent.text);
        }
        let stale = post("/workspaces/docs-site/settings", "name=Docs&version=99").await;
        assert!([400, 412].contains(&stale.status), "{}", stale.text);
        let unsure = post("/workspaces/docs-site/delete", "confirm=docs").await;
        assert_eq!(unsure.status, 400, "{}", unsure.text);
        assert!(unsure.text.contains("docs-site"));
        world.check_invariants().await;
    }
}
