//! What an organization's own admins change: its name, sites, products, roles; and its deletion.

use orglink_domain::event::EventType;
use orglink_testkit::both;
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const MERIDIAN: &str = "/organizations/meridian";

both! {
    async fn a_name_changes_for_whoever_has_seen_it_as_it_is(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let seen = world.api(&ada, "GET", MERIDIAN, None).await.etag;
        let name = Some(json!({ "name": "Meridian Logistics" }));
        assert_eq!(world.change_if(&ada, "PATCH", MERIDIAN, name.clone(), "").await.json()["code"], "version_required");
        let changed = world.change_if(&ada, "PATCH", MERIDIAN, name.clone(), &seen).await;
        assert_eq!((changed.status, changed.json()["name"].as_str()), (200, Some("Meridian Logistics")), "{}", changed.text);
        let stale = world.change_if(&ada, "PATCH", MERIDIAN, name.clone(), &seen).await;
        assert_eq!((stale.status, stale.json()["code"].as_str()), (412, Some("version_changed")));
        assert_eq!(world.change(&ada, "PATCH", MERIDIAN, Some(json!({ "name": " " }))).await.status, 400);
        let cleo = world.token("cleo@meridian.example").await;
        assert_eq!(world.change(&cleo, "PATCH", MERIDIAN, name).await.status, 403, "an auditor reads only");
        world.check_invariants().await;
    }

    async fn sites_carry_products_of_the_catalog(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let sites = format!("{MERIDIAN}/sites");
        let made = world.api(&ada, "POST", &sites, Some(json!({ "slug": "meridian-eu" }))).await;
        assert_eq!((made.status, made.json()["products"].clone()), (201, json!([])), "{}", made.text);
        assert_eq!(world.api(&ada, "POST", &sites, Some(json!({ "slug": "Harbor-Desk" }))).await.json()["code"], "slug_taken");
        let eu = format!("{sites}/meridian-eu");
        assert_eq!(world.api(&ada, "PUT", &format!("{eu}/products/confluence"), None).await.status, 204);
        assert_eq!(world.api(&ada, "PUT", &format!("{eu}/products/confluence"), None).await.status, 204);
        assert_eq!(world.api(&ada, "PUT", &format!("{eu}/products/nonsense"), None).await.status, 400);
        // Sam is admin of the first site, and of nothing else.
        let sam = world.token("sam@meridian.example").await;
        assert_eq!(world.api(&sam, "PUT", &format!("{eu}/products/jira"), None).await.status, 403);
        let hq = format!("{sites}/meridian-hq");
        assert_eq!(world.change(&sam, "DELETE", &format!("{hq}/products/jira"), None).await.status, 204);
        assert_eq!(world.change(&sam, "DELETE", &format!("{hq}/products/jira"), None).await.status, 404);
        assert_eq!(world.change(&sam, "DELETE", &hq, None).await.status, 403);
        let tess = world.api(&ada, "GET", &format!("{MERIDIAN}/users?q=tess"), None).await.json();
        assert_eq!(tess["items"], json!([]), "the role on the product went with it");
        assert_eq!(world.api(&ada, "GET", "/organizations/meridian/sites/harbor-desk", None).await.status, 404, "another organization's site");
        assert_eq!(world.change(&ada, "DELETE", &eu, None).await.status, 204);
        assert_eq!(world.api(&ada, "GET", &eu, None).await.status, 404);
        world.check_invariants().await;
    }

    async fn roles_go_to_people_who_are_known_and_somebody_always_administers(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let role = |place: &str, who: &str| format!("{MERIDIAN}{place}/{who}");
        assert_eq!(world.api(&ada, "PUT", &role("/roles/billing_admin", "mia@meridian.example"), None).await.status, 204, "at a verified domain");
        let known = world.api(&ada, "PUT", &role("/roles/admin", "zoe@harbor.example"), None).await;
        let unknown = world.api(&ada, "PUT", &role("/roles/admin", "who@harbor.example"), None).await;
        assert_eq!((known.status, known.json()["code"].as_str()), (409, Some("not_known_here")));
        assert_eq!(known.said("zoe@", "who@"), unknown.said("who@", "who@"), "nobody learns who has an account");
        assert_eq!(world.api(&ada, "PUT", &role("/roles/admin", "vera@meridian.example"), None).await.status, 409, "not verified");
        assert_eq!(world.api(&ada, "PUT", &role("/roles/king", "mia@meridian.example"), None).await.status, 400);
        assert_eq!(world.api(&ada, "PUT", &role("/sites/meridian-hq/products/jira/roles/app_admin", "mia@meridian.example"), None).await.status, 204);
        assert_eq!(world.api(&ada, "PUT", &role("/sites/harbor-desk/roles/site_admin", "mia@meridian.example"), None).await.status, 404);
        let mia = world.api(&ada, "GET", &format!("{MERIDIAN}/users?q=mia"), None).await.json();
        assert_eq!(mia["items"][0]["roles"], json!([{ "role": "billing_admin", "site": null, "product": null }, { "role": "app_admin", "site": "meridian-hq", "product": "jira" }]));
        // A role may be given up by whoever holds it, and taken by an admin only.
        let kim = world.token("kim@meridian.example").await;
        assert_eq!(world.change(&kim, "DELETE", &role("/roles/billing_admin", "mia@meridian.example"), None).await.status, 403);
        assert_eq!(world.change(&kim, "DELETE", &role("/roles/billing_admin", "kim@meridian.example"), None).await.status, 204);
        assert_eq!(world.api(&kim, "GET", MERIDIAN, None).await.status, 404);
        let gus = world.token("gus@solo.example").await;
        let last = world.change(&gus, "DELETE", "/organizations/solo/roles/admin/gus@solo.example", None).await;
        assert_eq!((last.status, last.json()["code"].as_str()), (409, Some("last_admin")));
        // Two admins take each other's role at the same time: one remains.
        world.import(r#"{"type":"organization","slug":"pair","name":"Pair","admins":["ben@meridian.example","pia@meridian.example"]}"#).await.unwrap();
        let (ben, pia) = (world.token("ben@meridian.example").await, world.token("pia@meridian.example").await);
        let (one, two) = tokio::join!(
            world.change(&ben, "DELETE", "/organizations/pair/roles/admin/pia@meridian.example", None),
            world.change(&pia, "DELETE", "/organizations/pair/roles/admin/ben@meridian.example", None),
        );
        assert_eq!([one.status, two.status].iter().filter(|s| **s == 204).count(), 1, "{} {}", one.text, two.text);
        world.check_invariants().await;
    }

    async fn what_hangs_on_an_organization_is_said_before_it_goes(world) {
        let world = world.with_company().await;
        let lena = world.token("lena@harbor.example").await;
        world.link("lena@harbor.example", "harbor-ops", "harbor").await.unwrap();
        let preview = world.api(&lena, "GET", "/organizations/harbor/deletion", None).await.json();
        assert_eq!(preview["blockers"][0]["code"], "has_linked_workspaces");
        assert!(preview["blockers"][0]["detail"].as_str().unwrap().contains("harbor-ops"), "{preview}");
        let no = world.change(&lena, "DELETE", "/organizations/harbor", None).await;
        assert_eq!((no.status, no.json()["code"].as_str()), (409, Some("has_linked_workspaces")));
        world.change(&lena, "DELETE", "/workspaces/harbor-ops", None).await;
        let preview = world.api(&lena, "GET", "/organizations/harbor/deletion", None).await;
        assert_eq!((preview.json()["sites"].as_i64(), preview.json()["people"].as_i64()), (Some(1), Some(2)), "{}", preview.text);
        assert_eq!(world.change_if(&lena, "DELETE", "/organizations/harbor", None, &preview.etag).await.status, 204);
        assert_eq!(world.api(&lena, "GET", "/organizations/harbor", None).await.status, 404);
        assert!(!world.api(&lena, "GET", "/organizations", None).await.text.contains("harbor"));
        assert!(!world.export().await.iter().any(|line| line.contains("\"harbor\"")));
        assert_eq!(world.events().await.last().unwrap().kind, EventType::OrganizationDeleted);
        // Its slug, and its site's, are free.
        let again = world.api(&lena, "POST", "/organizations", Some(json!({ "name": "Harbor", "slug": "harbor" }))).await;
        assert_eq!(again.status, 201, "{}", again.text);
        assert_eq!(world.api(&lena, "POST", "/organizations/harbor/sites", Some(json!({ "slug": "harbor-desk" }))).await.status, 201);
        world.check_invariants().await;
    }

    async fn every_edit_works_with_forms_only(world) {
        let world = world.with_company().await;
        let (cookie, token) = world.session(ADA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        for (page, path, fields) in [
            ("/settings", "/settings", "name=Meridian+Freight+SE"),
            ("/people", "/people", "account=mia%40meridian.example&role=organization%2Fauditor"),
            ("/people", "/people/take", "account=cleo%40meridian.example&role=organization%2Fauditor"),
            ("/sites", "/sites", "slug=meridian-two"),
            ("/sites/meridian-two", "/sites/meridian-two/products", "product=jira&what=add"),
            ("/sites/meridian-two", "/sites/meridian-two/products", "product=jira&what=remove"),
            ("/sites/meridian-two", "/sites/meridian-two/delete", "confirm=meridian-two"),
            ("/delete", "/delete", "confirm=MERIDIAN"),
        ] {
            let shown = world.send("GET", &format!("{MERIDIAN}{page}"), &headers, "").await;
            assert_eq!(shown.status, 200, "{page}: {}", shown.text);
            let version = shown.text.split("name=\"version\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default();
            let sent = world.send("POST", &format!("{MERIDIAN}{path}"), &headers, &format!("form_token={token}&version={version}&{fields}")).await;
            assert_eq!(sent.status, 303, "{path} {fields}: {}", sent.text);
        }
        assert_eq!(world.send("GET", MERIDIAN, &headers, "").await.status, 404);
        world.check_invariants().await;
    }

    async fn one_admin_alone_is_warned_about_and_never_the_last_to_go(world) {
        let world = world.with_company().await;
        let gus = world.token("gus@solo.example").await;
        let (cookie, _) = world.session("gus@solo.example").await;
        for (api, page) in [("/organizations/solo", "/organizations/solo"), ("/workspaces/workshop", "/workspaces/workshop")] {
            let seen = world.api(&gus, "GET", api, None).await.json();
            assert_eq!(seen["administration"], "one_person", "{seen}");
            assert!(seen["warning"].as_str().unwrap().starts_with("One person alone"), "{seen}");
            let shown = world.send("GET", page, &[("cookie", &cookie)], "").await;
            assert!(shown.text.contains("One person alone administers"), "{}", shown.text);
        }
        let meridian = world.api(&world.token(ADA).await, "GET", MERIDIAN, None).await.json();
        assert_eq!((&meridian["administration"], &meridian["warning"]), (&json!("several"), &json!(null)));
        // Whoever may not see its people does not hear how many there are.
        let tess = world.api(&world.token("tess@meridian.example").await, "GET", MERIDIAN, None).await.json();
        assert_eq!((&tess["administration"], &tess["warning"]), (&json!(null), &json!(null)));
        let site = world.api(&world.token(ADA).await, "GET", &format!("{MERIDIAN}/sites/meridian-hq"), None).await.json();
        let is_alone = site["admins"] == 1;
        assert_eq!(site["warning"].is_string(), is_alone, "{site}");
        let own = "/organizations/solo/roles/admin/gus@solo.example";
        assert_eq!(world.change(&gus, "DELETE", own, None).await.json()["code"], "last_admin");
        let (code, report, stderr) = crate::cli::run(&world, &["doctor", "--json"]);
        let admins = report["checks"].as_array().unwrap().iter().find(|c| c["name"] == "admins").cloned().unwrap();
        assert_eq!(admins["health"], "warn", "{code} {admins} {stderr}");
        assert!(admins["detail"].as_str().unwrap().contains("one person alone"), "{admins}");
        world.check_invariants().await;
    }
}
